// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the agent has instrumented so far, and what it has not. Immutable.
 *
 * @param state where the agent stands; if it is not active, the rest is empty
 * @param classesInstrumented how many classes have checks
 * @param classesLeftAlone how many have none, by reason; not those of the JDK's own loaders
 * @param failures the classes that could not be instrumented, each with the reason
 * @param nativeMethods native methods of instrumented classes, with descriptor: a thread keeps the
 *     lock in them, unless they are called inside {@code Blocking.call}
 * @param tooLargeMethods methods that have no checks because they would get longer than a method
 *     may be
 * @param bracketed the methods of the JDK around which the lock is dropped
 * @param notBracketed methods around which it is dropped on other JDKs, each with the reason
 * @param uncovered kinds of blocking of which no method is bracketed on this JDK
 */
public record AgentCoverage(
    AgentState state,
    long classesInstrumented,
    Map<String, Long> classesLeftAlone,
    Map<String, String> failures,
    List<String> nativeMethods,
    List<String> tooLargeMethods,
    Set<String> bracketed,
    Map<String, String> notBracketed,
    Set<String> uncovered) {

  static AgentCoverage none(AgentState state) {
    return new AgentCoverage(
        state, 0, Map.of(), Map.of(), List.of(), List.of(), Set.of(), Map.of(), Set.of());
  }
}
