// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.interlock.Interlock;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskOutput;
import dev.interlock.WorkerCrashedException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Children that are started ahead. Each is known by its command line, which ends in its name. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpareTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern HANGING =
      Pattern.compile("(spare-\\d+) did not start .*not warm within .*start-timeout = PT8S");

  private static Interlock.Builder sparing(int workers, int spares) {
    return pool(workers)
        .set("process-pool.start-method", "spare")
        .set("process-pool.spares", spares)
        .set("process-pool.spare-idle", "0s");
  }

  /** Spares of this process, waiting or taken. */
  private static List<Long> spares() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().commandLine().orElse("").matches(".* spare-\\d+"))
        .map(ProcessHandle::pid)
        .toList();
  }

  private static long pidOfWorker(TaskExecutor executor) throws Exception {
    return executor.submit(() -> ProcessHandle.current().pid()).get();
  }

  private static Set<Long> awaitSpares(int count, Set<Long> besides) {
    Set<Long> waiting = new HashSet<>();
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              waiting.clear();
              waiting.addAll(spares());
              waiting.removeAll(besides);
              return waiting.size() == count;
            });
    return waiting;
  }

  @Test
  void aPoolTakesASpareAndItIsReplaced() throws Exception {
    try (TaskExecutor keeper = sparing(1, 1).open()) {
      long first = pidOfWorker(keeper);
      Set<Long> waiting = awaitSpares(1, Set.of(first));
      try (TaskExecutor taker = sparing(1, 1).open()) {
        assertThat(waiting).contains(pidOfWorker(taker));
        awaitSpares(1, Set.of(first, waiting.iterator().next()));
      }
    }
  }

  @Test
  void aSpareIsAWorkerLikeAnyOther() throws Exception {
    ConcurrentLinkedQueue<TaskOutput> lines = new ConcurrentLinkedQueue<>();
    try (TaskExecutor keeper = sparing(1, 1).open()) {
      awaitSpares(1, Set.of(pidOfWorker(keeper)));
      try (TaskExecutor taker =
          sparing(1, 1)
              .taskOutput(lines::add)
              .workerInitializer(() -> System.setProperty("initialized", "yes"))
              .open()) {
        assertThat(taker.submit(() -> System.getProperty("initialized")).get()).isEqualTo("yes");
        taker.submit(() -> System.out.append("hello\n") != null).get();
        assertThat(taker.stats().workersLost()).isZero();
      }
    }
    assertThat(lines)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.worker()).isEqualTo("worker-1");
              assertThat(line.taskId()).isEqualTo(2);
            });
  }

  @Test
  void largeBuffersReachASpareAndComeBack() throws Exception {
    byte[] large = new byte[1 << 20];
    large[large.length - 1] = 7;
    try (TaskExecutor keeper = sparing(1, 1).open()) {
      awaitSpares(1, Set.of(pidOfWorker(keeper)));
      try (TaskExecutor taker = sparing(1, 1).open()) {
        assertThat(taker.submit(() -> large).get()).isEqualTo(large);
      }
      awaitSpares(1, Set.of(pidOfWorker(keeper)));
      try (TaskExecutor taker = sparing(1, 1).open()) {
        assertThat(taker.submit(() -> new byte[1 << 20]).get()).hasSize(1 << 20);
        for (int i = 0; i < 300; i++) { // by the socket, then by the ring
          assertThat(taker.submit(() -> new byte[1 << 20]).get()).hasSize(1 << 20);
          assertThat(taker.submit(() -> 1).get()).isEqualTo(1);
        }
        assertThat(taker.submit(() -> large).get()).isEqualTo(large);
        assertThat(taker.stats().workersLost()).isZero();
      }
    }
  }

  /** Has a class of its own for its first task. */
  private static final class First {
    static final String PROPERTY = "first.initialized";

    static {
      System.setProperty(PROPERTY, "yes");
    }

    private First() {}

    static Task<String> task() {
      return () -> System.getProperty(PROPERTY);
    }
  }

  private static boolean isLoaded(String name) throws ReflectiveOperationException {
    Method find = ClassLoader.class.getDeclaredMethod("findLoadedClass", String.class);
    find.setAccessible(true);
    return find.invoke(ClassLoader.getSystemClassLoader(), name) != null;
  }

  @Test
  void theClassOfAnEarlierFirstTaskIsLoadedInASpareAndNotInitialized() throws Exception {
    Interlock.Builder open =
        sparing(1, 1)
            .set("process-pool.jvm-args", List.of("--add-opens=java.base/java.lang=ALL-UNNAMED"));
    String name = First.class.getName();
    try (TaskExecutor keeper = open.open()) {
      assertThat(keeper.submit(First.task()).get()).isEqualTo("yes");
      Set<Long> known = new HashSet<>(Set.of(pidOfWorker(keeper)));
      for (int i = 0; i < 2; i++) { // the first one may have been started before
        known.addAll(awaitSpares(1, known));
        try (TaskExecutor taker = open.open()) {
          boolean loaded = taker.submit(() -> isLoaded(name)).get();
          assertThat(loaded || i == 0).isTrue();
          String property = First.PROPERTY;
          assertThat(taker.submit(() -> System.getProperty(property)).get()).isNull();
        }
      }
    }
  }

  /** To open a named pipe takes until somebody opens its other end. */
  @Test
  void aSpareWhoseClassPathHangsIsKilledAndThePoolGoesOnWithoutIt(@TempDir Path directory)
      throws Exception {
    Path pipe = directory.resolve(First.class.getName().replace('.', '/') + ".class");
    Files.createDirectories(pipe.getParent());
    Interlock.Builder open =
        sparing(1, 1)
            .set("process-pool.start-timeout", "8s")
            .set(
                "process-pool.class-path",
                List.of(directory.toString(), System.getProperty("java.class.path")));
    PrintStream realErr = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try (TaskExecutor keeper = open.open()) {
      assertThat(keeper.submit(First.task()).get()).isEqualTo("yes");
      assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
      try (TaskExecutor taker = open.open()) {
        assertThat(pidOfWorker(taker)).isNotEqualTo(pidOfWorker(keeper));
        await()
            .atMost(PATIENCE)
            .until(() -> HANGING.matcher(logged.toString(StandardCharsets.UTF_8)).find());
      }
      Matcher hanging = HANGING.matcher(logged.toString(StandardCharsets.UTF_8));
      assertThat(hanging.find()).isTrue();
      assertThat(NothingLeft.children())
          .extracting(child -> child.info().commandLine().orElse(""))
          .noneMatch(line -> line.endsWith(" " + hanging.group(1)));
      try (TaskExecutor other = open.open()) {
        assertThat(other.submit(() -> 1).get(1, TimeUnit.MINUTES)).isEqualTo(1);
      }
      Files.delete(pipe);
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                try (TaskExecutor taker = open.open()) {
                  return spares().contains(pidOfWorker(taker));
                }
              });
    } finally {
      System.setErr(realErr);
      System.err.print(logged.toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  void theReportOfASpareThatCrashesReachesItsTask() throws Exception {
    try (TaskExecutor keeper = sparing(1, 1).open()) {
      awaitSpares(1, Set.of(pidOfWorker(keeper)));
      try (TaskExecutor taker = sparing(1, 1).open()) {
        assertThatThrownBy(() -> taker.submit(CrashTest.Unsafely::readNowhere).get())
            .cause()
            .isInstanceOfSatisfying(
                WorkerCrashedException.class,
                crash -> assertThat(crash.crashLog()).contains("SIGSEGV", "readNowhere"));
      }
    }
  }

  @Test
  void childrenThatAreStartedOtherwiseAreNotShared() throws Exception {
    try (TaskExecutor keeper = sparing(1, 1).open()) {
      Set<Long> waiting = awaitSpares(1, Set.of(pidOfWorker(keeper)));
      try (TaskExecutor other =
          sparing(1, 0).set("process-pool.jvm-args", List.of("-Dother=1")).open()) {
        assertThat(waiting).doesNotContain(pidOfWorker(other));
      }
      try (TaskExecutor other =
          sparing(1, 0).set("process-pool.environment", List.of("OTHER=1")).open()) {
        assertThat(waiting).doesNotContain(pidOfWorker(other));
      }
    }
  }

  @Test
  void aSpareThatDiesIsReplacedAndNobodyGetsIt() throws Exception {
    try (TaskExecutor keeper = sparing(1, 1).open()) {
      long first = pidOfWorker(keeper);
      Set<Long> gone = new HashSet<>(Set.of(first));
      for (int i = 0; i < 3; i++) {
        long waiting = awaitSpares(1, gone).iterator().next();
        ProcessHandle.of(waiting).ifPresent(ProcessHandle::destroyForcibly);
        gone.add(waiting);
      }
      awaitSpares(1, gone);
      try (TaskExecutor taker = sparing(1, 1).open()) {
        assertThat(gone).doesNotContain(pidOfWorker(taker));
        assertThat(taker.stats().workersLost()).isZero();
      }
    }
  }

  @Test
  void aPoolThatTakesADyingSpareStillWorks() throws Exception {
    try (TaskExecutor keeper = sparing(1, 2).open()) {
      long first = pidOfWorker(keeper);
      for (int i = 0; i < 5; i++) {
        Set<Long> waiting = awaitSpares(2, Set.of(first));
        try (TaskExecutor taker = sparing(1, 2).open()) {
          waiting.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
          Throwable thrown = catchThrowable(() -> taker.submit(() -> 1).get(1, TimeUnit.MINUTES));
          if (thrown != null) { // it began, and died with its worker
            assertThat(thrown).hasRootCauseInstanceOf(WorkerCrashedException.class);
          }
          assertThat(taker.submit(() -> 2).get(1, TimeUnit.MINUTES)).isEqualTo(2);
        }
      }
    }
  }

  @Test
  void sparesOutliveTheirPoolForAsLongAsTheyAreTold() throws Exception {
    Interlock.Builder lasting = sparing(1, 1).set("process-pool.spare-idle", "3s");
    Set<Long> waiting;
    try (TaskExecutor keeper = lasting.open()) {
      waiting = awaitSpares(1, Set.of(pidOfWorker(keeper)));
    }
    try (TaskExecutor taker = lasting.open()) {
      assertThat(waiting).contains(pidOfWorker(taker));
    }
    await().atMost(PATIENCE).until(() -> spares().isEmpty());
  }

  @Test
  void manyPoolsAtOnceShareWhatThereIs() throws Exception {
    try (TaskExecutor one = sparing(2, 2).open();
        TaskExecutor two = sparing(2, 2).open();
        TaskExecutor three = sparing(2, 2).open()) {
      Set<Long> pids = new HashSet<>();
      for (TaskExecutor executor : List.of(one, two, three)) {
        assertThat(pids.add(pidOfWorker(executor))).isTrue();
      }
      awaitSpares(2, pids);
    }
  }

  @Test
  void aSpareThatCannotStartIsTheWorkersFailureToo() {
    try (TaskExecutor executor =
        sparing(1, 1).set("process-pool.jvm-args", List.of("-XX:NoSuchFlag")).open()) {
      assertThat(catchThrowable(() -> executor.submit(() -> 1).get(1, TimeUnit.MINUTES)))
          .rootCause()
          .hasMessageContaining("ended before it was ready");
    }
  }

  @Test
  void closingAtOnceLeavesNothing() {
    for (int i = 0; i < 5; i++) {
      sparing(1, 2).open().close();
    }
  }
}
