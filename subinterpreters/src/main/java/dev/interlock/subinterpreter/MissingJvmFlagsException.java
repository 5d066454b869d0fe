// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.List;

/**
 * The JVM was started without the flags that Chronicle Queue cannot work without.
 *
 * <p>The message gives the line to add to the command line and the other ways to pass it. Without
 * the flags Chronicle would fail with an {@code AssertionError} in a static initializer, or
 * silently open queues that nobody can write to.
 */
public final class MissingJvmFlagsException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String[] missing;

  MissingJvmFlagsException(List<String> missing, String message) {
    super(message);
    this.missing = missing.toArray(new String[0]);
  }

  /** The flags that are missing, as they are written on a command line. */
  public List<String> missing() {
    return List.of(missing);
  }
}
