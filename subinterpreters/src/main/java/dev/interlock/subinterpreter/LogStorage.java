// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.nio.file.Path;

/** Where the files of a {@link MessageLog} are, and what becomes of them. */
interface LogStorage {
  /** The directory of the cycle files; Chronicle's table is there already. */
  Path directory();

  /** How far the log has been written and read. */
  LogCounters counters();

  /** The cycle in which this process begins to append; higher than all that exist. */
  int firstCycle();

  /** Which ends of the log belong to this process. */
  QueueEnds ends();

  /** Whether messages outlive the process, so that no object can go beside them. */
  boolean isDurable();

  /** Gives the files up, once nobody in this process uses them any more. */
  void release() throws IOException;

  /** {@link #release} of what could not be used: what was made for it is deleted. */
  void discard() throws IOException;
}
