// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads (JEP 444), which JDK 21 and later have: reached without being compiled in.
 * Thread-safe.
 */
public final class VirtualThreads {
  /** {@code (String name, Runnable body) -> Thread}, or null on an older JDK. */
  private static final @Nullable MethodHandle UNSTARTED =
      Runtime.version().feature() >= 21 ? lookUp() : null;

  private VirtualThreads() {}

  /** Whether this JDK has them. */
  public static boolean exist() {
    return UNSTARTED != null;
  }

  /**
   * A virtual thread that inherits no thread-locals, not started.
   *
   * @throws NullPointerException if this JDK has none; ask {@link #exist} before
   */
  public static Thread unstarted(String name, Runnable body) {
    try {
      return (Thread) Objects.requireNonNull(UNSTARTED, "virtual threads").invokeExact(name, body);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * {@code Thread.ofVirtual().inheritInheritableThreadLocals(false).name(name).unstarted(body)}.
   */
  private static MethodHandle lookUp() {
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
      MethodHandle fresh =
          lookup.findStatic(Thread.class, "ofVirtual", MethodType.methodType(builder));
      MethodHandle inheriting =
          lookup.findVirtual(
              builder,
              "inheritInheritableThreadLocals",
              MethodType.methodType(builder, boolean.class));
      MethodHandle named =
          lookup.findVirtual(builder, "name", MethodType.methodType(builder, String.class));
      MethodHandle unstarted =
          lookup.findVirtual(
              builder, "unstarted", MethodType.methodType(Thread.class, Runnable.class));
      MethodHandle inheritingNothing =
          MethodHandles.collectArguments(
              MethodHandles.insertArguments(inheriting, 1, false), 0, fresh);
      MethodHandle withName = MethodHandles.collectArguments(named, 0, inheritingNothing);
      return MethodHandles.collectArguments(unstarted, 0, withName);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
