// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes the current thread has allocated in its life; always zero on a JVM that does not
 * count them. A class of its own because it loads the management classes, which small frames do not
 * need.
 */
final class AllocationMeter {
  private static final com.sun.management.@Nullable ThreadMXBean THREADS = threads();

  private AllocationMeter() {}

  private static com.sun.management.@Nullable ThreadMXBean threads() {
    try {
      return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
          ? threads
          : null;
    } catch (LinkageError e) {
      return null; // A run-time image without the module jdk.management.
    }
  }

  static long allocatedBytes() {
    return THREADS == null ? 0 : THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }
}
