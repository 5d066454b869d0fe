// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.awaitFile;
import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.interlock.Interlock;
import dev.interlock.TaskContext;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import dev.interlock.WorkerCrashedException;
import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashTest {
  @TempDir Path directory;

  private static WorkerCrashedException crashOf(TaskFuture<?> future) {
    ExecutionException failure = catchThrowableOfType(ExecutionException.class, future::get);
    assertThat(failure).cause().isInstanceOf(WorkerCrashedException.class);
    return (WorkerCrashedException) failure.getCause();
  }

  @Test
  void haltFailsItsTaskAndOnlyThat() throws Exception {
    try (TaskExecutor executor = pool(2).open()) {
      List<TaskFuture<Integer>> good = new ArrayList<>();
      TaskFuture<?> bad = null;
      for (int i = 0; i < 20; i++) {
        int n = i;
        if (i == 7) {
          bad =
              executor.submit(
                  () -> {
                    System.err.println("about to halt");
                    Runtime.getRuntime().halt(3);
                  });
        }
        good.add(executor.submit(() -> n));
      }
      WorkerCrashedException crash = crashOf(bad);
      assertThat(crash.deathCause()).isEqualTo("exit code 3");
      assertThat(crash.worker()).matches("worker-\\d+ pid \\d+");
      assertThat(crash.task()).contains(CrashTest.class.getName());
      assertThat(crash.stderrTail()).isEqualTo("about to halt");
      assertThat(crash).hasMessageContaining("exit code 3").hasMessageContaining("about to halt");
      for (int i = 0; i < 20; i++) {
        assertThat(good.get(i).get()).isEqualTo(i);
      }
      assertThat(executor.stats().workersLost()).isEqualTo(1);
    }
  }

  @Test
  void exitFailsItsTask() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<?> exits = executor.submit(() -> System.exit(0));
      assertThat(crashOf(exits).deathCause()).isEqualTo("exit code 0");
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void outOfMemoryFailsItsTask() throws Exception {
    try (TaskExecutor executor = pool(1).set("process-pool.heap", "32MiB").open()) {
      TaskFuture<Integer> greedy =
          executor.submit(
              () -> {
                List<byte[]> all = new ArrayList<>();
                while (all.size() < 1_000_000) {
                  all.add(new byte[1 << 20]);
                }
                return all.size();
              });
      WorkerCrashedException crash = crashOf(greedy);
      assertThat(crash.deathCause()).isEqualTo("exit code 3");
      assertThat(crash.stderrTail()).contains("java.lang.OutOfMemoryError");
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void aTaskTooLargeForTheChildIsNotTriedForEver() throws Exception {
    Interlock.Builder inFrames =
        pool(1).set("process-pool.heap", "32MiB").set("process-pool.out-of-band", "off");
    try (TaskExecutor executor = inFrames.open()) {
      byte[] large = new byte[64 << 20];
      TaskFuture<Integer> future = executor.submit(() -> large.length);
      assertThat(crashOf(future).stderrTail()).contains("java.lang.OutOfMemoryError");
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      assertThat(executor.stats().workersLost()).isEqualTo(2);
    }
  }

  @Test
  void aKilledChildFailsItsTaskWhileOthersGoOn() throws Exception {
    Path gate = directory.resolve("gate");
    String file = gate.toString();
    try (TaskExecutor executor = pool(3).open()) {
      List<TaskFuture<Long>> blocked = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        String pidFile = directory.resolve("pid" + i).toString();
        blocked.add(
            executor.submit(
                () -> {
                  Files.writeString(Path.of(pidFile + ".new"), pid());
                  Files.move(Path.of(pidFile + ".new"), Path.of(pidFile));
                  awaitFile(file);
                  return ProcessHandle.current().pid();
                }));
      }
      for (int i = 0; i < 3; i++) {
        awaitFile(directory.resolve("pid" + i).toString());
      }
      long victim = Long.parseLong(Files.readString(directory.resolve("pid1")));
      ProcessHandle.of(victim).orElseThrow().destroyForcibly();
      WorkerCrashedException crash = crashOf(blocked.get(1));
      assertThat(crash.deathCause()).isEqualTo("signal 9 (SIGKILL)");
      assertThat(crash.worker()).endsWith("pid " + victim);
      assertThat(blocked.get(0).isDone()).isFalse();
      Files.createFile(gate);
      assertThat(blocked.get(0).get()).isNotEqualTo(victim);
      assertThat(blocked.get(2).get()).isNotEqualTo(victim);
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  private static String pid() {
    return String.valueOf(ProcessHandle.current().pid());
  }

  @Test
  void anIdleChildThatDiesCostsNoTask() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      for (int i = 0; i < 20; i++) {
        long pid = executor.submit(() -> ProcessHandle.current().pid()).get();
        ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
        child.destroyForcibly();
        assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      }
      assertThat(executor.stats().failed()).isZero();
    }
  }

  @Test
  void manyCrashesLoseNoOtherTask() throws Exception {
    try (TaskExecutor executor = pool(2).open()) {
      List<TaskFuture<Integer>> all = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        int n = i;
        all.add(
            executor.submit(
                () -> {
                  if (n % 10 == 9) {
                    Runtime.getRuntime().halt(n);
                  }
                  return n;
                }));
      }
      for (int i = 0; i < 60; i++) {
        if (i % 10 == 9) {
          assertThat(crashOf(all.get(i)).deathCause()).isEqualTo("exit code " + i);
        } else {
          assertThat(all.get(i).get()).isEqualTo(i);
        }
      }
      assertThat(executor.stats().workersLost()).isEqualTo(6);
    }
  }

  @Test
  void aSegmentationFaultFailsItsTaskAndIsReportedByItsLog() throws Exception {
    Path here = Path.of("").toAbsolutePath();
    Set<Path> before = filesIn(here);
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<?> future = executor.submit(() -> Unsafely.readNowhere());
      WorkerCrashedException crash = crashOf(future);
      assertThat(crash.deathCause()).isEqualTo("signal 11 (SIGSEGV)");
      assertThat(crash.stderrTail()).contains("fatal error", "SIGSEGV");
      assertThat(crash.crashLog())
          .contains("SIGSEGV", "Problematic frame", "Current thread", "Stack:", "readNowhere")
          .hasSizeLessThanOrEqualTo(16 << 10);
      assertThat(crash).hasMessageContaining("The JVM's own report begins:");
      assertThat(filesIn(executorsFolder())).noneMatch(file -> file.toString().contains("hs_err"));
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    }
    assertThat(filesIn(here)).isEqualTo(before);
  }

  /** Where there is no memory. */
  static final class Unsafely {
    private Unsafely() {}

    static long readNowhere() throws ReflectiveOperationException {
      Class<?> type = Class.forName("sun.misc.Unsafe");
      Field field = type.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      Object unsafe = field.get(null);
      return (long) type.getMethod("getLong", long.class).invoke(unsafe, 8L);
    }
  }

  private static Set<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static Path executorsFolder() throws IOException {
    String own = ProcessHandle.current().pid() + "-";
    return filesIn(ScratchDirectory.defaultBase()).stream()
        .filter(folder -> folder.getFileName().toString().startsWith(own))
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"TERM, signal 15 (SIGTERM)", "KILL, signal 9 (SIGKILL)", "ABRT, signal 6 (SIGABRT)"})
  void aSignalFailsItsTask(String signal, String cause) throws Exception {
    String started = directory.resolve("started").toString();
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<?> future =
          executor.submit(
              () -> {
                Files.createFile(Path.of(started));
                new CountDownLatch(1).await();
                return null;
              });
      awaitFile(started);
      long pid = NothingLeft.children().get(0).pid();
      Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid)).start();
      assertThat(kill.waitFor()).isZero();
      assertThat(crashOf(future).deathCause()).isEqualTo(cause);
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  @Test
  void aStackOverflowCostsNoChild() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<Integer> deep = executor.submit(() -> depth(1));
      assertThatThrownBy(deep::get).hasCauseInstanceOf(StackOverflowError.class);
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  private static int depth(int above) {
    return above < 0 ? 0 : depth(above % 7 + 1) + 1;
  }

  @Test
  void poisonIsTriedSoOftenAndNamedAndOthersAreNot() throws Exception {
    String tries = directory.resolve("tries").toString();
    try (TaskExecutor executor = pool(2).set("task.max-attempts", 4).open()) {
      List<TaskFuture<Integer>> good = new ArrayList<>();
      TaskFuture<?> poison = null;
      for (int i = 0; i < 40; i++) {
        int n = i;
        if (i == 11) {
          poison =
              executor.submit(
                  () -> {
                    Files.createFile(Path.of(tries + TaskContext.current().attempt()));
                    Runtime.getRuntime().halt(9);
                    return null;
                  });
        }
        good.add(executor.submit(() -> n));
      }
      WorkerCrashedException crash = crashOf(poison);
      assertThat(crash.attempts()).isEqualTo(4);
      assertThat(crash.getSuppressed())
          .hasSize(3)
          .hasOnlyElementsOfType(WorkerCrashedException.class);
      assertThat(crash).hasMessageContaining("has now crashed 4 workers");
      for (int i = 1; i <= 4; i++) {
        assertThat(Path.of(tries + i)).exists();
      }
      assertThat(Path.of(tries + 5)).doesNotExist();
      for (int i = 0; i < 40; i++) {
        assertThat(good.get(i).get()).isEqualTo(i);
      }
      assertThat(executor.stats().workersLost()).isEqualTo(4);
      assertThat(executor.stats().failed()).isEqualTo(1);
    }
  }

  @Test
  void aCancelBetweenTwoAttemptsEndsThem() throws Exception {
    String tries = directory.resolve("tries").toString();
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<?> poison =
          executor.submit(
              () -> {
                Files.createFile(Path.of(tries + TaskContext.current().attempt()));
                Runtime.getRuntime().halt(9);
                return null;
              },
              TaskOptions.defaults().withMaxAttempts(100));
      awaitFile(tries + 2);
      assertThat(poison.cancel(true)).isTrue();
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      assertThat(Path.of(tries + 50)).doesNotExist();
    }
  }

  @Test
  void aCrashLoopOfTasksIsNotPutOff() throws Exception {
    try (TaskExecutor executor = pool(2).open()) {
      List<TaskFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        int code = i;
        all.add(executor.submit(() -> Runtime.getRuntime().halt(code)));
      }
      for (int i = 0; i < 12; i++) {
        assertThat(crashOf(all.get(i)).deathCause()).isEqualTo("exit code " + i);
      }
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
      assertThat(executor.stats().workersLost()).isEqualTo(12);
    }
  }

  @Test
  void aCallbackOfACrashMaySubmitAndWait() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      TaskFuture<?> halts = executor.submit(() -> Runtime.getRuntime().halt(1));
      int answer =
          halts
              .handle((result, failure) -> executor.submit(() -> 42).join())
              .toCompletableFuture()
              .get();
      assertThat(answer).isEqualTo(42);
    }
  }

  @Test
  void cancelledTasksOfADeadChildEnd() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      String file = directory.resolve("started").toString();
      TaskFuture<?> task =
          executor.submit(
              () -> {
                Files.createFile(Path.of(file));
                awaitFile("/never/there");
                return null;
              });
      awaitFile(file);
      task.cancel(false);
      assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
      NothingLeft.children().forEach(ProcessHandle::destroyForcibly);
      await().until(() -> executor.stats().workersLost() == 1);
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    }
  }
}
