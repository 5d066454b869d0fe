// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Whether the processors of this machine or container have little time left. */
final class MachineLoad {
  private static final double HIGH = 0.9;

  /** A run-time image may have been made without it. */
  private static final boolean IS_KNOWN =
      ModuleLayer.boot().findModule("jdk.management").isPresent();

  private MachineLoad() {}

  static boolean isHigh() {
    return IS_KNOWN && Measured.load() > HIGH;
  }

  /** A class of its own, so that it is not linked where the module is missing. */
  private static final class Measured {
    private Measured() {}

    static double load() {
      return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getCpuLoad();
    }
  }
}
