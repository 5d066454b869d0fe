// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of this JVM's own arguments its children get: system properties, and the module options that
 * they need to see the same classes. No heap or collector option, which are chosen for a child; and
 * no debugger or agent, unless asked for.
 */
final class InheritedArguments {
  private static final List<String> MODULE_OPTIONS =
      List.of(
          "--add-opens",
          "--add-exports",
          "--add-reads",
          "--add-modules",
          "--module-path",
          "--patch-module",
          "--limit-modules",
          "--enable-preview",
          "--enable-native-access",
          "--illegal-native-access",
          "--sun-misc-unsafe-memory-access");

  /** The first Java that knows an option; an older one would not start with it. */
  private static final Map<String, Integer> SINCE =
      Map.of("--sun-misc-unsafe-memory-access", 23, "--illegal-native-access", 24);

  private static final List<String> AGENTS =
      List.of(
          "-agentlib:",
          "-agentpath:",
          "-javaagent:",
          "-Xdebug",
          "-Xrunjdwp",
          "-XX:+EnableDynamicAgentLoading",
          "-XX:-EnableDynamicAgentLoading",
          "-Dcom.sun.management.");

  /**
   * Variables from which a JVM takes arguments. What is in them is among this JVM's arguments, so a
   * child has what it needs of it already; the rest could keep it from starting (another collector)
   * or make it take this JVM's debugger port.
   */
  private static final Set<String> VARIABLES =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private InheritedArguments() {}

  /**
   * The arguments to hand on.
   *
   * @param arguments those of this JVM, as {@code RuntimeMXBean} has them
   * @param agents whether agents and debuggers are handed on too
   * @param feature the child's version of Java, which may be older
   */
  static List<String> of(List<String> arguments, boolean agents, int feature) {
    return arguments.stream()
        .filter(
            argument ->
                AGENTS.stream().anyMatch(argument::startsWith) ? agents : isHandedOn(argument))
        .filter(argument -> feature >= sinceWhen(argument))
        .toList();
  }

  /** Takes the variables out that would bring this JVM's other arguments to a child. */
  static void removeFrom(Map<String, String> environment) {
    environment.keySet().removeAll(VARIABLES);
  }

  private static int sinceWhen(String argument) {
    return SINCE.getOrDefault(argument.replaceFirst("=.*", ""), 0);
  }

  private static boolean isHandedOn(String argument) {
    return argument.startsWith("-D")
        || MODULE_OPTIONS.stream()
            .anyMatch(option -> argument.equals(option) || argument.startsWith(option + "="));
  }
}
