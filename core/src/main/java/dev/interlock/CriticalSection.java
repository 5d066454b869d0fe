// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import dev.interlock.spi.HeldSections;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion on one or two objects, after the critical sections of PEP 703, which stand in
 * for the interpreter lock where CPython has none. For code that comes from under such a lock:
 *
 * <pre>{@code
 * CriticalSection.on(from, to).run(() -> {
 *   from.balance -= amount;
 *   to.balance += amount;
 * });
 * }</pre>
 *
 * <p>Like the interpreter lock, and unlike {@code synchronized}:
 *
 * <ul>
 *   <li>Sections never deadlock with each other, however they are nested and in whatever order the
 *       objects are given: who has to wait for a section gives up those around it.
 *   <li>A section is given up while its thread blocks in {@link Blocking} or waits for a future,
 *       and held again afterwards.
 * </ul>
 *
 * <p>So what a section protects may have changed after each blocking call in it and after each
 * section nested in it; only the innermost one is held without a gap. A section on an object that
 * the thread has a section on already is simply entered. Where the whole of a long operation must
 * be atomic, blocking calls included, use a lock of {@link java.util.concurrent.locks}.
 *
 * <p>Objects are told apart by identity; those of boxed values and strings are shared with others.
 * Sections exclude each other only where objects are shared: not between the workers of a strategy
 * with {@link Capability#COPIED_TASKS}, which have copies. A section waits without regard to
 * interrupts, as {@code synchronized} does. Immutable, thread-safe; works on every thread, in a
 * task or not.
 */
public final class CriticalSection {
  private final Object one;
  private final Object other;

  private CriticalSection(Object one, Object other) {
    this.one = Objects.requireNonNull(one, "object");
    this.other = Objects.requireNonNull(other, "object");
  }

  /** On one object. */
  public static CriticalSection on(Object object) {
    return new CriticalSection(object, object);
  }

  /** On two objects at once, which may be the same; their order does not matter. */
  public static CriticalSection on(Object one, Object other) {
    return new CriticalSection(one, other);
  }

  /**
   * Calls {@code body} in the section and returns its result. Blocks while another thread is in a
   * section on one of the objects.
   *
   * @throws Exception what {@code body} throws
   */
  public <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
    HeldSections.enter(one, other);
    try {
      return body.call();
    } finally {
      HeldSections.leave();
    }
  }

  /** {@link #call} for a body without a result and without checked exceptions. */
  public void run(Runnable body) {
    HeldSections.enter(one, other);
    try {
      body.run();
    } finally {
      HeldSections.leave();
    }
  }
}
