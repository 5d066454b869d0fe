// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

/**
 * How much was inserted into a class, for a report.
 *
 * @param entries checks at method entries
 * @param loops back-edges with a check per iteration
 * @param splitLoops loops with a check per chunk of iterations
 * @param checks checks behind calls
 * @param retakes places behind static accesses and {@code monitorenter} where a lost lock is taken
 *     back
 * @param handlers exception handlers
 * @param initializers class initializers; 0 or 1
 * @param redirected calls of {@code sleep} and {@code wait}
 * @param accesses accesses to fields and array elements
 * @param blocks basic blocks that count their bytecodes
 */
public record Insertions(
    int entries,
    int loops,
    int splitLoops,
    int checks,
    int retakes,
    int handlers,
    int initializers,
    int redirected,
    int accesses,
    int blocks) {

  /** Nothing at all. */
  public static final Insertions NONE = new Insertions(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Both together. */
  public Insertions plus(Insertions other) {
    return new Insertions(
        entries + other.entries,
        loops + other.loops,
        splitLoops + other.splitLoops,
        checks + other.checks,
        retakes + other.retakes,
        handlers + other.handlers,
        initializers + other.initializers,
        redirected + other.redirected,
        accesses + other.accesses,
        blocks + other.blocks);
  }
}
