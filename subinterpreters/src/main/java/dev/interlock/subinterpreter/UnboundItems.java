// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/**
 * What becomes of an item whose interpreter has ended before somebody got it. The main
 * interpreter's items are never unbound. The first three are PEP 734's.
 */
public enum UnboundItems {
  /** {@code get} returns {@link InterpreterQueue#UNBOUND} in its place. */
  UNBOUND,
  /** {@code get} throws {@link ItemInterpreterDestroyedException} in its place. */
  ERROR,
  /** It leaves the queue when the interpreter ends. */
  REMOVE,
  /** {@code get} returns it all the same: nothing in it belongs to the interpreter. */
  KEEP
}
