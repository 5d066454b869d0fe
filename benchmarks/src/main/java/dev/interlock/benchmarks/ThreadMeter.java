// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

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

  /** Processor time of the other Java threads that are alive now; the JVM's own do not count. */
  static long othersCpuNs() {
    long ns = -THREADS.getCurrentThreadCpuTime();
    for (long used : THREADS.getThreadCpuTime(THREADS.getAllThreadIds())) {
      ns += Math.max(0, used);
    }
    return ns;
  }

  /** Processor time of the process. */
  static long processCpuNs() {
    return SYSTEM.getProcessCpuTime();
  }
}
