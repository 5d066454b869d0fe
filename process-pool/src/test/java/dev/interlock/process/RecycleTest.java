// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.ConfigurationException;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Children that are replaced though nothing is wrong with them. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RecycleTest {
  @TempDir Path directory;

  /** What a task leaves in its child. */
  private static final class Hoard {
    static final List<byte[]> KEPT = new ArrayList<>();

    private Hoard() {}

    static int keep(int mebibytes) {
      for (int i = 0; i < mebibytes; i++) {
        byte[] one = new byte[1 << 20];
        for (int at = 0; at < one.length; at += 1 << 10) {
          one[at] = 1;
        }
        KEPT.add(one);
      }
      return KEPT.size();
    }
  }

  @Test
  void noChildRunsMoreTasksThanItMayAndNoTaskIsLost() throws Exception {
    String initialized = directory.resolve("initialized").toString();
    TaskExecutor executor =
        pool(2)
            .set("process-pool.recycle.after-tasks", 7)
            .workerInitializer(() -> mark(initialized))
            .open();
    try (executor) {
      List<TaskFuture<Long>> pids = new ArrayList<>();
      for (int i = 0; i < 70; i++) {
        pids.add(executor.submit(() -> ProcessHandle.current().pid()));
      }
      Map<Long, Integer> perChild = new HashMap<>();
      for (TaskFuture<Long> pid : pids) {
        perChild.merge(pid.get(), 1, Integer::sum);
      }
      assertThat(perChild.values()).allMatch(count -> count <= 7);
      assertThat(perChild).hasSizeGreaterThanOrEqualTo(10);
    }
    assertThat(executor.stats().workersLost()).isZero();
    assertThat(executor.stats().workers()).isZero();
    assertThat(executor.stats().completed()).isEqualTo(70);
    assertThat((long) Files.readAllLines(Path.of(initialized)).size())
        .isEqualTo(executor.stats().workersStarted());
  }

  private static void mark(String file) {
    try {
      Files.writeString(
          Path.of(file), "once\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aChildThatGrowsIsReplaced() throws Exception {
    try (TaskExecutor executor =
        pool(1).set("process-pool.recycle.above-memory", "150MiB").open()) {
      assertThat(executor.submit(() -> Hoard.keep(1)).get()).isEqualTo(1);
      assertThat(executor.submit(() -> Hoard.keep(1)).get()).as("small enough").isEqualTo(2);
      assertThat(executor.submit(() -> Hoard.keep(150)).get()).isEqualTo(152);
      await().until(() -> executor.submit(() -> Hoard.keep(1)).get() == 1);
      assertThat(executor.stats().workersStarted()).isEqualTo(2);
      assertThat(executor.stats().workersLost()).isZero();
    }
  }

  @Test
  void idleChildrenEndAndTheNextTaskStartsOne() throws Exception {
    try (TaskExecutor executor = pool(3).set("process-pool.recycle.idle-after", "200ms").open()) {
      List<TaskFuture<Integer>> many = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        int n = i;
        many.add(
            executor.submit(
                () -> {
                  Thread.sleep(20);
                  return n;
                }));
      }
      for (int i = 0; i < 30; i++) {
        assertThat(many.get(i).get()).isEqualTo(i);
      }
      await().until(() -> executor.stats().workers() == 0);
      await().until(() -> NothingLeft.children().isEmpty());
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      assertThat(executor.stats().workersLost()).isZero();
    }
  }

  @Test
  void tasksThatComeWhileIdleChildrenEndAreNotLost() throws Exception {
    try (TaskExecutor executor = pool(2).set("process-pool.recycle.idle-after", "1ms").open()) {
      for (int i = 0; i < 25; i++) {
        int n = i;
        List<TaskFuture<Integer>> pair =
            IntStream.range(0, 2).mapToObj(k -> executor.submit(() -> n + k)).toList();
        assertThat(pair.get(0).get()).isEqualTo(n);
        assertThat(pair.get(1).get()).isEqualTo(n + 1);
      }
      assertThat(executor.stats().workersLost()).isZero();
    }
  }

  @Test
  void residentMemoryIsThatOfTheProcess() {
    long own = ResidentMemory.ofProcess(ProcessHandle.current().pid());
    assertThat(own).isBetween(30L << 20, 4L << 30);
    assertThat(ResidentMemory.ofProcess(Integer.MAX_VALUE)).as("of no process").isZero();
  }

  @Test
  void badValuesNameKeyValueAndRange() {
    assertThatThrownBy(() -> pool(1).set("process-pool.recycle.after-tasks", 0).open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.process-pool.recycle.after-tasks is '0'")
        .hasMessageContaining("'off', or a whole number from 1");
    assertThatThrownBy(() -> pool(1).set("process-pool.recycle.above-memory", "1KiB").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.process-pool.recycle.above-memory is '1KiB'");
    assertThatThrownBy(() -> pool(1).set("process-pool.recycle.idle-after", "0s").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.process-pool.recycle.idle-after is '0s'");
  }
}
