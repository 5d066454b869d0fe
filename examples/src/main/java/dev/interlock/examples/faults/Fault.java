// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.faults;

/**
 * Something that goes wrong, and what must come of it.
 *
 * @param group what it is about: time-out, crash, start, cancel, life
 * @param name its name on the command line
 * @param promise what must happen, a sentence
 * @param trial makes it happen
 */
public record Fault(String group, String name, String promise, Trial trial) {

  /** Makes a fault happen, in child JVMs of its own, and looks what comes of it. */
  @FunctionalInterface
  public interface Trial {
    /** Makes it happen. */
    FaultResult run() throws Exception;
  }
}
