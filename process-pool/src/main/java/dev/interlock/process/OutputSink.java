// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/** Takes the lines of one child, one after the other, on one thread. */
@FunctionalInterface
interface OutputSink {
  void line(OutputLine line);
}
