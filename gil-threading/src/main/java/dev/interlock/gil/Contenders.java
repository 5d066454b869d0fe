// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.gil.Contender.Counter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All threads that use one lock, for the statistics. Threads that have ended are one sum. Guarded
 * by the monitor of this, a leaf.
 */
final class Contenders {
  private static final String ENDED = "(threads that have ended)";

  private final Map<Contender, Thread> live = new LinkedHashMap<>();
  private final Map<Counter, Long> ended = new EnumMap<>(Counter.class);
  private boolean anyEnded;

  synchronized void enter(Contender contender, Thread thread) {
    live.put(contender, thread);
  }

  synchronized void leave(Contender contender) {
    if (live.remove(contender) != null) {
      contender.addTo(ended);
      anyEnded = true;
    }
  }

  synchronized GilStatistics statistics() {
    Map<Counter, Long> sums = new EnumMap<>(ended);
    List<GilThreadStatistics> threads = new ArrayList<>();
    live.forEach(
        (contender, thread) -> {
          Map<Counter, Long> own = new EnumMap<>(Counter.class);
          contender.addTo(own);
          own.forEach((counter, count) -> sums.merge(counter, count, Long::sum));
          threads.add(GilThreadStatistics.of(thread.getName(), own));
        });
    if (anyEnded) {
      threads.add(GilThreadStatistics.of(ENDED, ended));
    }
    return GilStatistics.of(sums, threads);
  }
}
