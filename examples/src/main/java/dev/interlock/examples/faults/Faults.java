// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.faults;

import java.util.List;
import java.util.stream.Stream;

/** All faults there are. */
public final class Faults {
  private Faults() {}

  /** In the order in which they are best shown. */
  public static List<Fault> all() {
    return Stream.of(TaskFaults.all(), StartFaults.all(), CancelFaults.all(), LifeFaults.all())
        .flatMap(List::stream)
        .toList();
  }
}
