// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/** What becomes of the lines that children write to stdout and stderr. */
enum OutputPolicy {
  /** They go to this process's stdout and stderr, tagged with worker and pid. */
  FORWARD,
  /** They go to SLF4J. */
  LOG,
  /** They are dropped. */
  DISCARD
}
