// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How {@link TaskExecutor#map} batches and how far it reads ahead. Immutable.
 *
 * @param chunkSize items per task; 0 lets the executor adapt it to the measured time of an item
 *     where tasks cross a boundary, and means 1 where they do not
 * @param bufferSize how many items may be read from the input beyond those whose results have been
 *     taken; 0 means a few chunks per worker, or as many as a worker runs in a millisecond
 * @param timeout how long, from the call to {@code map}, results may take; null means for ever
 */
public record MapOptions(int chunkSize, int bufferSize, @Nullable Duration timeout) {
  private static final MapOptions DEFAULTS = new MapOptions(0, 0, null);

  /**
   * @throws IllegalArgumentException if a size or the time-out is negative
   */
  public MapOptions {
    if (chunkSize < 0) {
      throw outOfRange("chunkSize", chunkSize, "at least 1, or 0 for the default");
    }
    if (bufferSize < 0) {
      throw outOfRange("bufferSize", bufferSize, "at least 1, or 0 for the default");
    }
    if (timeout != null && timeout.isNegative()) {
      throw outOfRange("timeout", timeout, "zero or positive");
    }
  }

  /** Adaptive chunks, a few of them read ahead per worker, no time-out. */
  public static MapOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Returns these options with so many items per task.
   *
   * @throws IllegalArgumentException if {@code size} is below 1
   */
  public MapOptions withChunkSize(int size) {
    return new MapOptions(atLeastOne("chunkSize", size), bufferSize, timeout);
  }

  /**
   * Returns these options with so many items of read-ahead.
   *
   * @throws IllegalArgumentException if {@code size} is below 1
   */
  public MapOptions withBufferSize(int size) {
    return new MapOptions(chunkSize, atLeastOne("bufferSize", size), timeout);
  }

  /**
   * Returns these options with a time-out that counts from the call to {@code map}.
   *
   * @throws IllegalArgumentException if {@code limit} is negative
   */
  public MapOptions withTimeout(Duration limit) {
    return new MapOptions(chunkSize, bufferSize, limit);
  }

  private static int atLeastOne(String key, int value) {
    if (value < 1) {
      throw outOfRange(key, value, "at least 1");
    }
    return value;
  }

  private static IllegalArgumentException outOfRange(String key, Object value, String allowed) {
    return new IllegalArgumentException(key + " is " + value + ", but must be " + allowed);
  }
}
