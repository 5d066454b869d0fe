// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How the head waiter finds out that the holder waits in native code: for a class that another
 * thread initializes, or in a blocking call that nothing brackets. To the JVM such a thread is
 * runnable. It uses no processor time, though: if that is so at very many looks, it is taken for
 * such a wait; at fewer while some task is known to be inside a class initializer. Confined to the
 * head waiter, but for the count of initializers.
 *
 * <p>Looks are counted, and not time: whoever looks has run meanwhile, so the machine has not just
 * stood still. A thread that the system alone does not let run for so long looks the same. It goes
 * on without the lock until its next check, then: exclusion is lost for a moment, where otherwise
 * nothing might ever go on.
 */
final class NativeWaitWatch {
  private static final AtomicInteger RUNNING = new AtomicInteger();

  /** A look is a millisecond or more after the one before. */
  private static final int LOOKS = 1_000;

  private static final int LOOKS_DURING_INITIALIZATION = 100;

  private static final boolean KNOWS_TIMES =
      ModuleLayer.boot().findModule("java.management").isPresent();

  private @Nullable Thread watched;
  private long cpuNs;
  private int looks;

  /** A task begins to initialize a class. */
  static void initializerBegins() {
    RUNNING.getAndIncrement();
  }

  /** So many initializers of tasks have ended. */
  static void initializersEnded(int many) {
    RUNNING.getAndAdd(-many);
  }

  /** Looks at the holder once more: whether it has stood still for long enough. */
  boolean looksStill(Thread holder) {
    if (!EvalBreaker.isInstrumented() // else there may be no check behind what it waits for
        || !KNOWS_TIMES
        || holder.getState() != Thread.State.RUNNABLE) {
      watched = null;
      return false;
    }
    if (!hasStoodStill(holder)) {
      watched = holder;
      cpuNs = Times.ofThread(holder);
      looks = 0;
      return false;
    }
    looks++;
    return looks >= (RUNNING.get() == 0 ? LOOKS : LOOKS_DURING_INITIALIZATION);
  }

  /** Whether the holder is the one of the last look, and has used no processor time since. */
  boolean hasStoodStill(Thread holder) {
    return holder == watched && cpuNs >= 0 && Times.ofThread(holder) == cpuNs;
  }

  /** Apart, since a runtime without {@code java.management} does not have the class. */
  private static final class Times {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static long ofThread(Thread thread) {
      return THREADS.getThreadCpuTime(thread.getId());
    }
  }
}
