// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.InterlockException;
import org.jspecify.annotations.Nullable;

/**
 * Spark could not run a task that it was given: its job was given up, the SparkContext was stopped,
 * or an executor could not load what Interlock needs there. The message has Spark's own words.
 */
public final class SparkTaskException extends InterlockException {
  private static final long serialVersionUID = 1L;

  SparkTaskException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
