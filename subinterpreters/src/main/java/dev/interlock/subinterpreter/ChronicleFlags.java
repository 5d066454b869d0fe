// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What Chronicle Queue needs of the JVM, checked before any of its code runs.
 *
 * <p>All methods are thread-safe and do not block. None of them initializes a Chronicle class.
 */
public final class ChronicleFlags {
  private static final String CHRONICLE_CLASS = "net.openhft.chronicle.core.Jvm";

  /** Since JDK 24 {@code sun.misc.Unsafe} prints a warning unless it is allowed (JEP 498). */
  private static final int UNSAFE_WARNS_SINCE = 24;

  /**
   * Chronicle's own switches: no usage statistics, no threads of its own, nothing printed, and no
   * record of thread-locals, which under {@code -ea} would keep a few KiB of each closed queue.
   */
  private static final Map<String, String> QUIET =
      Map.of(
          "chronicle.analytics.disable", "true",
          "chronicle.announcer.disable", "true",
          "chronicle.disk.monitor.disable", "true",
          "background.releaser", "false",
          "disable.perf.info", "true",
          "disable.ctl.orphan.tracking", "true");

  private static volatile boolean ready;

  private ChronicleFlags() {}

  /**
   * The flags that this JVM lacks and that Chronicle Queue cannot work without, as they are written
   * on a command line; empty if queues work. On a JVM that has them the list is empty also when
   * {@link #commandLine()} names more: the rest only keeps Chronicle and the JDK from printing
   * warnings.
   */
  public static List<String> missing() {
    Module chronicle = chronicleModule();
    Module javaBase = Object.class.getModule();
    List<String> missing = new ArrayList<>();
    if (!javaBase.isOpen("java.lang.reflect", chronicle)) {
      missing.add(opens("java.lang.reflect", chronicle));
    }
    if (!javaBase.isExported("sun.nio.ch", chronicle)) {
      missing.add(exports("sun.nio.ch", chronicle));
    }
    return List.copyOf(missing);
  }

  /**
   * All flags to give this JVM, in one line: those it lacks, those it has, those against warnings.
   */
  public static String commandLine() {
    Module chronicle = chronicleModule();
    List<String> flags = new ArrayList<>();
    flags.add(opens("java.lang.reflect", chronicle));
    flags.add(exports("sun.nio.ch", chronicle));
    flags.add(exports("jdk.internal.ref", chronicle));
    if (Runtime.version().feature() >= UNSAFE_WARNS_SINCE) {
      flags.add("--sun-misc-unsafe-memory-access=allow");
    }
    return String.join(" ", flags);
  }

  /**
   * Makes Chronicle usable: checks the flags and sets its quiet switches where the user has set
   * none. To be called before the first use of any Chronicle class.
   *
   * @throws MissingJvmFlagsException if a flag is missing
   */
  static void require() {
    if (ready) {
      return;
    }
    List<String> missing = missing();
    if (!missing.isEmpty()) {
      throw new MissingJvmFlagsException(missing, message(missing));
    }
    QUIET.forEach(System.getProperties()::putIfAbsent);
    ready = true;
  }

  private static String message(List<String> missing) {
    return "Chronicle Queue cannot work in this JVM, which lacks "
        + String.join(" and ", missing)
        + ". Add this to the JVM's command line: "
        + commandLine()
        + " . Where the command line is not yours, put the same line into the environment variable"
        + " JDK_JAVA_OPTIONS, or give an executable jar the manifest attributes"
        + " 'Add-Opens: java.base/java.lang.reflect' and"
        + " 'Add-Exports: java.base/sun.nio.ch java.base/jdk.internal.ref'.";
  }

  private static String opens(String name, Module to) {
    return "--add-opens=java.base/" + name + "=" + target(to);
  }

  private static String exports(String name, Module to) {
    return "--add-exports=java.base/" + name + "=" + target(to);
  }

  private static String target(Module module) {
    return module.isNamed() ? module.getName() : "ALL-UNNAMED";
  }

  private static Module chronicleModule() {
    try {
      return Class.forName(CHRONICLE_CLASS, false, ChronicleFlags.class.getClassLoader())
          .getModule();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(
          "Chronicle Queue is not on the class path. Add net.openhft:chronicle-queue, which comes"
              + " with interlock-subinterpreters unless it is excluded.",
          e);
    }
  }
}
