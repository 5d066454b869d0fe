// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What became of several items, in order: most have a value, some have failed. Where it crosses a
 * boundary, an item that cannot be encoded or decoded becomes a failure of this item alone, as in
 * an {@link Outcome}; but there is no object per item around the value, and numbers of one type
 * cross as a block.
 *
 * <p>Filled by one thread and then handed on; not thread-safe.
 *
 * @param <T> the type of the values
 */
public final class Outcomes<T extends @Nullable Object> {

  /** Stands in the place of a value. No task can return one. */
  private record Failed(Throwable cause) {}

  private final @Nullable Object[] slots;
  private long decodingNs;

  /** So many items, each of which has the value null until it is set. */
  public Outcomes(int size) {
    this.slots = new @Nullable Object[size];
  }

  /** These values; the array is not copied. */
  public Outcomes(@Nullable Object[] values) {
    this.slots = values;
  }

  /** So many items that have all failed for the same reason. */
  static <T extends @Nullable Object> Outcomes<T> failed(int size, Throwable cause) {
    Outcomes<T> all = new Outcomes<>(size);
    Arrays.fill(all.slots, new Failed(cause));
    return all;
  }

  /** How many items there are. */
  public int size() {
    return slots.length;
  }

  /** The item has this value. */
  public void set(int index, @Nullable Object value) {
    slots[index] = value;
  }

  /** The item has failed. */
  public void fail(int index, Throwable cause) {
    slots[index] = new Failed(cause);
  }

  /** Whether the item has a value; it may be null. */
  public boolean isSuccess(int index) {
    return !(slots[index] instanceof Failed);
  }

  /** The item's value. Only if {@link #isSuccess}. */
  @SuppressWarnings({"unchecked", "NullAway"}) // T may be nullable
  public T value(int index) {
    return (T) slots[index];
  }

  /**
   * The item's failure.
   *
   * @throws IllegalStateException if it has a value
   */
  public Throwable failure(int index) {
    if (slots[index] instanceof Failed failed) {
      return failed.cause();
    }
    throw new IllegalStateException("item " + index + " succeeded");
  }

  /**
   * The class of which all values are that are there, exactly; null if they differ, if one is null,
   * or if all items have failed.
   */
  public @Nullable Class<?> commonClass() {
    Class<?> common = null;
    for (Object slot : slots) {
      if (slot == null) {
        return null;
      }
      Class<?> type = slot.getClass();
      if (type != common && type != Failed.class) {
        if (common != null) {
          return null;
        }
        common = type;
      }
    }
    return common;
  }

  /** How long it took to decode them here; 0 if they never crossed a boundary. */
  public long decodingNs() {
    return decodingNs;
  }

  /** Says how long it took to decode them. */
  public void decodedIn(long elapsedNs) {
    decodingNs = elapsedNs;
  }
}
