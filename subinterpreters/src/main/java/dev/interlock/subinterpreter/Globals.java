// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.TaskCodec;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The global variables of one interpreter, and the shell that {@code exec} runs in. The shell costs
 * tens of milliseconds, so that it is opened by the first {@code exec}; until then, variables are
 * kept here. Under the interpreter's lock, and the shell only on its main thread.
 */
final class Globals {
  private static final Set<String> RESERVED =
      Set.of(
          ("abstract assert boolean break byte case catch char class const continue default do double"
                  + " else enum extends final finally float for goto if implements import instanceof"
                  + " int interface long native new package private protected public return short"
                  + " static strictfp super switch synchronized this throw throws transient try void"
                  + " volatile while true false null _")
              .split(" "));

  private final InterpreterState interpreter;

  /** Bound, but not known to the shell yet. */
  private final Map<String, @Nullable Object> pending = new LinkedHashMap<>();

  private @Nullable ExecShell shell;

  Globals(InterpreterState interpreter) {
    this.interpreter = interpreter;
  }

  /**
   * Refuses what cannot be the name of a variable.
   *
   * @throws IllegalArgumentException if it is none
   */
  static void requireName(String name) {
    boolean is =
        !name.isEmpty()
            && Character.isJavaIdentifierStart(name.charAt(0))
            && name.chars().allMatch(Character::isJavaIdentifierPart)
            && !RESERVED.contains(name);
    if (!is) {
      throw new IllegalArgumentException("'" + name + "' cannot be the name of a variable.");
    }
  }

  /** Binds variables: all, or none if one cannot be decoded here. */
  Reply bind(Map<String, Parcel> variables) {
    TaskCodec codec = interpreter.codec();
    Map<String, @Nullable Object> arrived = new LinkedHashMap<>();
    try {
      variables.forEach((name, value) -> arrived.put(name, value.unpack(codec)));
    } catch (RuntimeException e) { // UndecodableException
      return Reply.failed(e, codec);
    }
    pending.putAll(arrived);
    return Reply.DONE;
  }

  /** Runs source; see {@link Interpreter#exec}. */
  Reply exec(String source) {
    ExecShell open = shell;
    if (open == null) {
      if (ModuleLayer.boot().findModule("jdk.jshell").isEmpty()) {
        return new Reply.Unable(
            "exec needs the module jdk.jshell, which this Java runtime does not have. Add it to"
                + " jlink's --add-modules, or run on a full JDK.");
      }
      open = new ExecShell(interpreter);
      shell = open;
    }
    for (Map.Entry<String, @Nullable Object> variable : pending.entrySet()) {
      open.declare(variable.getKey(), variable.getValue());
    }
    pending.clear();
    return open.exec(source);
  }

  /**
   * The value of a variable.
   *
   * @throws NoSuchElementException if there is none of that name
   */
  @Nullable Object read(String name) {
    if (pending.containsKey(name)) {
      return pending.get(name);
    }
    ExecShell open = shell;
    if (open == null || !open.has(name)) {
      throw new NoSuchElementException(interpreter + " has no variable " + name + ".");
    }
    return open.read(name);
  }

  /** Forgets the variables and closes the shell. */
  void close() {
    pending.clear();
    ExecShell open = shell;
    shell = null;
    if (open != null) {
      open.close();
    }
  }
}
