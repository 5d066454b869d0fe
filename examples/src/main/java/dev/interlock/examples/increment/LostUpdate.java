// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import java.util.List;

/**
 * One increment that was lost, as it was seen to happen.
 *
 * @param switchInterval at which interval
 * @param thread who lost the lock between reading and writing
 * @param line the source line
 * @param read the instruction before, such as {@code getstatic Counter.num}
 * @param readOffset its offset
 * @param write the instruction behind
 * @param writeOffset its offset
 * @param value what it had read
 * @param others who had the lock meanwhile
 * @param meanwhile what the others left
 */
public record LostUpdate(
    String switchInterval,
    String thread,
    int line,
    String read,
    int readOffset,
    String write,
    int writeOffset,
    int value,
    List<String> others,
    int meanwhile) {

  /** Copies the list. */
  public LostUpdate {
    others = List.copyOf(others);
  }

  /** What happened, in a sentence or two. */
  String sentence() {
    return thread
        + " lost the lock between "
        + read
        + " (offset "
        + readOffset
        + ") and "
        + write
        + " (offset "
        + writeOffset
        + "), line "
        + line
        + ", when it had read "
        + value
        + ". Meanwhile "
        + (others.size() == 1
            ? others.get(0) + " wrote " + meanwhile
            : String.join(", ", others) + " had the lock and made it " + meanwhile)
        + "; then "
        + thread
        + " wrote "
        + (value + 1)
        + " over it.";
  }
}
