// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/**
 * Where an interpreter comes from, after the strings of CPython's {@code Interpreter.whence}. Only
 * interpreters of {@link #MODULE} can be changed through their handles.
 */
public enum Whence {
  /** The application itself: interpreter 0. */
  RUNTIME("runtime init"),
  /** {@link Interpreters#create}. */
  MODULE("interpreters module"),
  /** A pool of interpreters made it, and will close it. */
  EXECUTOR("executor");

  private final String text;

  Whence(String text) {
    this.text = text;
  }

  /** In CPython's words, where it has a word for it. */
  @Override
  public String toString() {
    return text;
  }
}
