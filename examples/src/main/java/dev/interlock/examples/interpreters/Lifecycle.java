// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.interpreters;

import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.InterpreterException;
import dev.interlock.subinterpreter.Interpreters;

/** {@code listAll}, {@code current}, {@code main}, {@code close}, and what is refused. */
public final class Lifecycle {
  private Lifecycle() {}

  private static void show(String what, Runnable body) {
    try {
      body.run();
      System.out.println(what + ": done");
    } catch (InterpreterException e) {
      System.out.println(what + ": " + e.getClass().getSimpleName());
    }
  }

  /** Makes an interpreter, looks at it from both sides, and closes it. */
  public static void main(String[] arguments) {
    Interpreter interpreter = Interpreters.create();
    System.out.println(Interpreters.listAll() + " " + interpreter.whence());
    System.out.println("here: " + Interpreters.current());
    System.out.println("there: " + interpreter.call(() -> Interpreters.current()));
    show("close the main one", () -> Interpreters.main().close());
    show(
        "close it while it runs",
        () ->
            interpreter.call(
                () -> {
                  try {
                    Interpreters.current().close();
                  } catch (InterpreterException e) {
                    System.out.println("from within: " + e.getMessage());
                  }
                }));
    show("close it", interpreter::close);
    show("call it then", () -> interpreter.call(() -> 1));
    System.out.println(Interpreters.listAll());
  }
}
