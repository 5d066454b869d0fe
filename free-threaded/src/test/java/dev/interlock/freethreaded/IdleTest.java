// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.TaskFuture;
import dev.interlock.contract.LeakCheck;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who wakes, and who watches, in an executor that has nothing or little to do. */
@Timeout(60)
@ExtendWith(LeakCheck.class)
class IdleTest {
  private static final int WORKERS = 4;
  private static final String NAME = "idle-test";

  @Test
  void noWorkerWakesByItselfOnceAllAreIdle() throws Exception {
    try (FreeThreadedExecutor executor = open()) {
      startAllThreads(executor, 2 * WORKERS);
      awaitNobodyWatches(executor);
      Map<Long, Long> before = waits();
      assertThat(before).hasSizeGreaterThanOrEqualTo(2 * WORKERS);
      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(3))
          .until(() -> waits().equals(before));
    }
  }

  @RepeatedTest(5)
  void onlyTheWatchmanWakesBesideTheWorkerThatATaskNeeds() throws Exception {
    try (FreeThreadedExecutor executor = open()) {
      startAllThreads(executor, WORKERS);
      awaitNobodyWatches(executor);
      Map<Long, Long> before = waits();
      executor.submit(() -> 1).join();
      awaitNobodyWatches(executor);
      Map<Long, Long> after = waits();
      assertThat(before.keySet().stream().filter(id -> !before.get(id).equals(after.get(id))))
          .hasSize(2);
    }
  }

  @Test
  void somebodyWatchesWhileAnotherOneIsBlocked() throws Exception {
    try (FreeThreadedExecutor executor = open()) {
      startAllThreads(executor, WORKERS);
      awaitNobodyWatches(executor);
      CountDownLatch end = new CountDownLatch(1);
      TaskFuture<Boolean> blocked = executor.submit(() -> Blocking.call(() -> passed(end)));
      Watch watch = executor.scheduler().watch();
      await().until(watch::isKept);
      await().until(watch::isSlow);
      assertThat(watch.isKept()).isTrue();
      end.countDown();
      assertThat(blocked.join()).isTrue();
      awaitNobodyWatches(executor);
      assertThat(watch.isSlow()).isFalse();
    }
  }

  @Test
  void theWatchIsHandedOnAndTheLastWatchmanStaysUntilNobodyIsAwake() throws Exception {
    try (FreeThreadedExecutor executor =
        OpenedExecutor.of(NAME, WORKERS, "virtual-threads = off, keep-alive = 100 ms")) {
      CountDownLatch end = new CountDownLatch(1);
      TaskFuture<Boolean> blocked = executor.submit(() -> Blocking.call(() -> passed(end)));
      startAllThreads(executor, WORKERS);
      await().until(() -> executor.stats().workers() == 2);
      await()
          .during(Duration.ofMillis(500))
          .until(() -> executor.stats().workers() == 2 && executor.scheduler().watch().isKept());
      end.countDown();
      assertThat(blocked.join()).isTrue();
      await().until(() -> executor.stats().workers() == 0);
    }
  }

  private static FreeThreadedExecutor open() {
    return OpenedExecutor.of(NAME, WORKERS, "virtual-threads = off");
  }

  /** So many tasks wait for each other, each on a thread of its own. */
  private static void startAllThreads(FreeThreadedExecutor executor, int threads) {
    CyclicBarrier all = new CyclicBarrier(threads);
    List<TaskFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      futures.add(executor.submit(() -> Blocking.call(all::await)));
    }
    futures.forEach(TaskFuture::join);
  }

  private static boolean passed(CountDownLatch latch) throws InterruptedException {
    latch.await();
    return true;
  }

  private static void awaitNobodyWatches(FreeThreadedExecutor executor) {
    Scheduler scheduler = executor.scheduler();
    await()
        .pollInterval(Duration.ofMillis(5))
        .during(Duration.ofMillis(20)) // while the watchman looks, nobody watches
        .until(() -> scheduler.isQuiescent() && scheduler.watch().isVacant());
  }

  /** How often each worker has parked. */
  private static Map<Long, Long> waits() {
    var threads = ManagementFactory.getThreadMXBean();
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(info -> info != null && info.getThreadName().startsWith(NAME))
        .collect(toMap(ThreadInfo::getThreadId, ThreadInfo::getWaitedCount));
  }
}
