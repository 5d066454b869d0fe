// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

/** What calls of the gate are put into a class: where a thread can lose the interpreter lock. */
public enum SwitchPoints {
  /** At back-edges and method entries, and wherever a thread may come back without the lock. */
  COARSE,

  /** As coarse, and before each access to a field or an array element; no loop is split. */
  FINE,

  /** As coarse, and each basic block counts its bytecodes; no loop is split. */
  COUNTING
}
