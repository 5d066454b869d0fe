// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How the head waiter finds out that the holder waits for a class that another thread initializes.
 * To the JVM such a thread is runnable. It uses no processor time, though: if that is so for long
 * while some task is inside a class initializer, it is taken for such a wait. Confined to the head
 * waiter, but for the count of initializers.
 *
 * <p>A thread that the system does not let run for so long looks the same. It goes on without the
 * lock until its next check, then: exclusion is lost for a moment, where otherwise nothing would
 * ever go on.
 */
final class InitializationWatch {
  private static final AtomicInteger RUNNING = new AtomicInteger();
  private static final long STILL_NS = 100_000_000;
  private static final boolean KNOWS_TIMES =
      ModuleLayer.boot().findModule("java.management").isPresent();

  private @Nullable Thread watched;
  private long cpuNs;
  private long stillSinceNs;

  /** A task begins to initialize a class. */
  static void initializerBegins() {
    RUNNING.getAndIncrement();
  }

  /** So many initializers of tasks have ended. */
  static void initializersEnded(int many) {
    RUNNING.getAndAdd(-many);
  }

  /** Looks at the holder: whether it has stood still for long enough. */
  boolean isStill(Thread holder, long nowNs) {
    if (RUNNING.get() == 0 || !KNOWS_TIMES) {
      watched = null;
      return false;
    }
    long cpu = Times.ofThread(holder);
    if (cpu < 0) { // a virtual thread
      return false;
    }
    if (holder != watched || cpu != cpuNs) {
      watched = holder;
      cpuNs = cpu;
      stillSinceNs = nowNs;
      return false;
    }
    return nowNs - stillSinceNs >= STILL_NS;
  }

  /** Apart, since a runtime without {@code java.management} does not have the class. */
  private static final class Times {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static long ofThread(Thread thread) {
      return THREADS.getThreadCpuTime(thread.getId());
    }
  }
}
