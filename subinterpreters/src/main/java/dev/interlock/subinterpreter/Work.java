// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/** Something for an interpreter to run: called on a thread of its own, with its lock held. */
interface Work {
  /** Runs it. What user code throws is part of the reply. */
  Reply run(InterpreterState state);
}
