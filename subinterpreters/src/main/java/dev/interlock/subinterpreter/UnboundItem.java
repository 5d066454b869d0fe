// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/** The type of {@link InterpreterQueue#UNBOUND}. */
enum UnboundItem {
  /** Stands for an item whose interpreter has ended. */
  UNBOUND
}
