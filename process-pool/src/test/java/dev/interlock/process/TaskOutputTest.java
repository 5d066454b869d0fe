// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOutput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a listener of task output gets. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TaskOutputTest {
  private final ConcurrentLinkedQueue<TaskOutput> lines = new ConcurrentLinkedQueue<>();

  private List<String> texts() {
    return lines.stream().map(TaskOutput::line).toList();
  }

  @Test
  void eachLineNamesItsWorkerItsTaskAndItsStream() throws Exception {
    Map<String, Long> pids = new HashMap<>();
    Map<String, Long> tasks = new HashMap<>();
    try (TaskExecutor executor = pool(2).taskOutput(lines::add).open()) {
      List<TaskFuture<Long>> futures = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int n = i;
        futures.add(
            executor.submit(
                () -> {
                  System.out.println("out " + n);
                  System.err.print("err " + n);
                  return ProcessHandle.current().pid();
                }));
      }
      for (int i = 0; i < 50; i++) {
        pids.put("out " + i, futures.get(i).get());
        pids.put("err " + i, futures.get(i).get());
        tasks.put("out " + i, futures.get(i).taskId());
        tasks.put("err " + i, futures.get(i).taskId());
      }
    }
    assertThat(lines).hasSize(100);
    for (TaskOutput output : lines) {
      assertThat(output.taskId()).isEqualTo(tasks.get(output.line()));
      assertThat(output.pid()).isEqualTo(pids.get(output.line()));
      assertThat(output.worker()).matches("worker-[12]");
      assertThat(output.stream())
          .isEqualTo(
              output.line().startsWith("out")
                  ? TaskOutput.Stream.STDOUT
                  : TaskOutput.Stream.STDERR);
    }
  }

  @Test
  void whatGoesPastSystemOutBelongsToNoTask() throws Exception {
    try (TaskExecutor executor = pool(1).taskOutput(lines::add).open()) {
      executor.submit(() -> raw("raw\n")).get();
    }
    assertThat(lines).singleElement().satisfies(line -> assertThat(line.taskId()).isZero());
  }

  private static int raw(String text) throws Exception {
    new FileOutputStream(FileDescriptor.out).write(text.getBytes(StandardCharsets.ISO_8859_1));
    return text.length();
  }

  @Test
  void forgedAndBrokenMarksAreText() throws Exception {
    try (TaskExecutor executor = pool(1).taskOutput(lines::add).open()) {
      executor
          .submit(
              () -> {
                System.out.println("\u0001ff\u0002by System.out");
                raw("\u0001ff\u0002forged\n");
                raw("\u0001fg\u0002no digits\n\u0001\u0002empty\n\u0001ff\n\u0001\n\u0002\n");
                return raw("\u000111111111111111111\u0002too long\n");
              })
          .get();
    }
    assertThat(texts())
        .containsExactly(
            "\u0001ff\u0002by System.out",
            "forged",
            "\u0001fg\u0002no digits",
            "\u0001\u0002empty",
            "\u0001ff",
            "\u0001",
            "\u0002",
            "\u000111111111111111111\u0002too long");
    assertThat(lines.stream().map(TaskOutput::taskId))
        .containsExactly(1L, 255L, 0L, 0L, 0L, 0L, 0L, 0L);
  }

  @Test
  void aLongLineComesInPiecesOfItsTask() throws Exception {
    try (TaskExecutor executor = pool(1).taskOutput(lines::add).open()) {
      executor.submit(() -> System.out.append("x".repeat(20_000)).append("\ny\n") != null).get();
    }
    assertThat(String.join("", texts())).isEqualTo("x".repeat(20_000) + "y");
    assertThat(lines).hasSize(4).allMatch(line -> line.taskId() == 1);
  }

  @Test
  void whatWasPrintedBeforeACrashArrives() {
    try (TaskExecutor executor = pool(1).taskOutput(lines::add).open()) {
      TaskFuture<Object> future =
          executor.submit(
              () -> {
                System.out.print("last words");
                Runtime.getRuntime().halt(3);
                return null;
              });
      assertThat(catchThrowable(future::join)).hasStackTraceContaining("exit code 3");
    }
    assertThat(texts()).containsExactly("last words");
  }

  @Test
  void aListenerThatThrowsStopsNothing() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (TaskExecutor executor =
        pool(1)
            .taskOutput(
                line -> {
                  calls.incrementAndGet();
                  throw new IllegalStateException("not for me");
                })
            .open()) {
      for (int i = 0; i < 10; i++) {
        executor.submit(() -> System.out.append("line\n") != null).get();
      }
    }
    assertThat(calls).hasValue(10);
  }

  @Test
  void aSlowListenerLosesNothing() throws Exception {
    try (TaskExecutor executor =
        pool(1)
            .taskOutput(
                line -> {
                  lines.add(line);
                  if (lines.size() % 100 == 0) {
                    pause(20);
                  }
                })
            .open()) {
      flood(executor, 10_000).get();
    }
    assertThat(lines).hasSize(10_000);
  }

  private static TaskFuture<Boolean> flood(TaskExecutor executor, int count) {
    return executor.submit(
        () -> {
          for (int i = 0; i < count; i++) {
            System.out.println("line " + i + " " + "x".repeat(80));
          }
          return true;
        });
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aStuckListenerDoesNotHoldTheTaskAndLearnsWhatItMissed() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    int flood = 50_000;
    try (TaskExecutor executor =
        pool(1)
            .taskOutput(
                line -> {
                  awaitQuietly(release);
                  lines.add(line);
                })
            .open()) {
      assertThat(flood(executor, flood).get()).isTrue();
      release.countDown();
      await().until(() -> lines.size() > 10);
      executor.submit(() -> System.out.append("after\n") != null).get();
    }
    String note =
        texts().stream().filter(line -> line.contains(" lines dropped")).findFirst().get();
    int dropped = Integer.parseInt(note.replaceAll("\\D", ""));
    assertThat(dropped).isPositive();
    assertThat(texts().stream().filter(line -> line.startsWith("line "))).hasSize(flood - dropped);
    assertThat(texts().get(texts().size() - 1)).isEqualTo("after");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void closeDoesNotWaitForAListenerThatNeverReturns() throws Exception {
    try (TaskExecutor executor =
        pool(1).taskOutput(line -> awaitQuietly(new CountDownLatch(1))).open()) {
      flood(executor, 10).get();
    }
    assertThat(lines).isEmpty();
  }
}
