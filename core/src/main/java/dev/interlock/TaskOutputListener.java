// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

/**
 * Takes what tasks print, line by line, where workers have an output of their own ({@link
 * Capability#CRASH_CONTAINMENT}: child processes). Elsewhere tasks print to this process's own
 * output, and no listener is called.
 *
 * <p>Lines of one worker come one after the other, in the order in which this process has read
 * them; lines of several workers come at the same time, so a listener must be thread-safe. It runs
 * on threads of the executor and may block: then what it gets waits, and soon the tasks that print
 * wait too. If it has taken no line for a second, lines are dropped, and a line in their place
 * tells how many. What it throws is logged, once.
 */
@FunctionalInterface
public interface TaskOutputListener {
  /** Takes a line. */
  void line(TaskOutput output);
}
