// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one item: a value, or the failure that stands for it. Where it crosses a boundary,
 * its content is a frame of its own: a value that cannot be encoded, or decoded, becomes a failure
 * of this item alone. Immutable.
 *
 * @param <T> the type of the value
 */
public final class Outcome<T extends @Nullable Object> implements Serializable {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // Java serialization only where the value allows it
  private final @Nullable T value;

  private final @Nullable Throwable failure;

  private Outcome(@Nullable T value, @Nullable Throwable failure) {
    this.value = value;
    this.failure = failure;
  }

  /** The outcome of an item that has a value. */
  public static <T extends @Nullable Object> Outcome<T> success(T value) {
    return new Outcome<>(value, null);
  }

  /** The outcome of an item that failed. */
  public static <T extends @Nullable Object> Outcome<T> failure(Throwable failure) {
    return new Outcome<>(null, Objects.requireNonNull(failure, "failure"));
  }

  /** Whether there is a value; it may be null. */
  public boolean isSuccess() {
    return failure == null;
  }

  /**
   * The value.
   *
   * @throws IllegalStateException if it failed
   */
  @SuppressWarnings("NullAway") // T may be nullable
  public T value() {
    if (failure != null) {
      throw new IllegalStateException("failed", failure);
    }
    return value;
  }

  /**
   * The failure.
   *
   * @throws IllegalStateException if there is a value
   */
  public Throwable failure() {
    if (failure == null) {
      throw new IllegalStateException("succeeded");
    }
    return failure;
  }
}
