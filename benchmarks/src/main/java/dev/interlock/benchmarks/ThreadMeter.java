// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/** What the threads of this JVM have used so far. */
final class ThreadMeter {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private ThreadMeter() {}

  /** Bytes that the threads have allocated which are alive now. */
  static long allocatedBytes() {
    long bytes = 0;
    for (long allocated : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      bytes += Math.max(0, allocated);
    }
    return bytes;
  }

  /** Processor time of each other Java thread that is alive now; the JVM's own do not count. */
  static Map<Long, Long> othersCpuNs() {
    Map<Long, Long> used = new HashMap<>();
    long[] ids = THREADS.getAllThreadIds();
    long[] times = THREADS.getThreadCpuTime(ids);
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != Thread.currentThread().getId() && times[i] >= 0) {
        used.put(ids[i], times[i]);
      }
    }
    return used;
  }

  /** What they have used since then; without those that have ended. */
  static long othersCpuNsSince(Map<Long, Long> before) {
    long ns = 0;
    for (Map.Entry<Long, Long> now : othersCpuNs().entrySet()) {
      ns += now.getValue() - before.getOrDefault(now.getKey(), 0L);
    }
    return ns;
  }

  /** Processor time of the process. */
  static long processCpuNs() {
    return SYSTEM.getProcessCpuTime();
  }
}
