// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.awaitFile;
import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.NotShareableException;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import dev.interlock.WorkerCrashedException;
import dev.interlock.contract.LiveFiles;
import dev.interlock.spi.QueuePolicy;
import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large buffers go by files beside the frames, and no file stays. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutOfBandTest {
  private static final int LARGE = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  private Interlock.Builder apart(int workers) {
    return pool(workers).set("process-pool.out-of-band-directory", directory.toString());
  }

  /** The files beside frames, without the folder's lock. */
  private List<String> files() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path folder : NothingLeft.foldersIn(ScratchDirectory.defaultBase(directory))) {
      try (Stream<Path> files = Files.list(folder)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> !name.equals("lock"))
            .forEach(names::add);
      }
    }
    return names;
  }

  /** Even the spares go when they are not used for a while. */
  private void assertNoFiles() {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(files()).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {SideFile.LEAST_BYTES - 8, SideFile.LEAST_BYTES, SideFile.LEAST_BYTES + 8})
  void everyPrimitiveTypePassesBothWays(int bytes) throws Exception {
    Random random = new Random(bytes);
    byte[] ofBytes = new byte[bytes];
    random.nextBytes(ofBytes);
    boolean[] ofBooleans = new boolean[bytes];
    char[] ofChars = new char[bytes / 2];
    short[] ofShorts = new short[bytes / 2];
    int[] ofInts = random.ints(bytes / 4).toArray();
    float[] ofFloats = new float[bytes / 4];
    long[] ofLongs = random.longs(bytes / 8).toArray();
    double[] ofDoubles = random.doubles(bytes / 8).toArray();
    for (int i = 0; i < bytes; i++) {
      ofBooleans[i] = random.nextBoolean();
      ofChars[i / 2] = (char) random.nextInt();
      ofShorts[i / 2] = (short) random.nextInt();
      ofFloats[i / 4] = random.nextFloat();
    }
    Object[] sent = {
      ofBytes, ofBooleans, ofChars, ofShorts, ofInts, ofFloats, ofLongs, ofDoubles, "between"
    };
    try (TaskExecutor executor = apart(1).open()) {
      assertThat(Arrays.deepEquals(executor.submit(() -> sent).get(), sent)).isTrue();
      for (Object one : sent) {
        Object[] alone = {one};
        assertThat(Arrays.deepEquals(executor.submit(() -> alone).get(), alone)).isTrue();
      }
      assertThat(executor.stats().encodedBytes()).isGreaterThan(4L * 8 * bytes);
      assertNoFiles();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100, LARGE, (1 << 17) * 3 + 5})
  void directBuffersArriveAsDirectBuffers(int bytes) throws Exception {
    try (TaskExecutor executor = apart(1).open()) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes);
      for (int i = 0; i < bytes; i++) {
        buffer.put(i, (byte) (i * 31));
      }
      buffer.order(ByteOrder.LITTLE_ENDIAN).limit(bytes - bytes / 4).position(bytes / 4);
      List<ByteBuffer> sent = List.of(buffer, buffer.asReadOnlyBuffer());
      List<ByteBuffer> back =
          executor
              .submit(
                  () -> {
                    for (ByteBuffer there : sent) {
                      if (!there.isDirect()) {
                        throw new IllegalStateException("not direct");
                      }
                    }
                    return sent;
                  })
              .get();
      ByteBuffer echo = back.get(0);
      assertThat(echo.isDirect()).isTrue();
      assertThat(echo.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat(echo.isReadOnly()).isFalse();
      assertThat(echo).isEqualTo(buffer);
      assertThat(echo.clear()).isEqualTo(buffer.duplicate().clear());
      assertThat(back.get(1).isReadOnly()).isTrue();
      assertThat(back.get(1).isDirect()).isTrue();
    }
  }

  @Test
  void sharedArraysStaySharedAndMapPassesThem() throws Exception {
    try (TaskExecutor executor = apart(2).open()) {
      long[] shared = new Random(1).longs(LARGE / 8).toArray();
      Object[] sent = {shared, "x", shared, new int[LARGE], new long[][] {shared}};
      assertThat(executor.submit(() -> sent[0] == sent[2]).get()).isTrue();
      Object[] back = executor.submit(() -> sent).get();
      assertThat(back[0]).isSameAs(back[2]).isSameAs(((long[][]) back[4])[0]).isEqualTo(shared);
      List<byte[]> items = Stream.generate(() -> new byte[LARGE]).limit(8).toList();
      assertThat(
              executor
                  .map(
                      item -> {
                        Arrays.fill(item, (byte) 7);
                        return item;
                      },
                      items)
                  .mapToInt(item -> item[LARGE - 1])
                  .sum())
          .isEqualTo(56);
      assertNoFiles();
    }
  }

  @Test
  void whatCannotCrossBesideABufferLeavesNoFile() throws Exception {
    byte[] large = new byte[LARGE];
    try (TaskExecutor executor = apart(1).open()) {
      Thread thread = Thread.currentThread();
      assertThatThrownBy(() -> executor.submit(() -> new Object[] {large, thread}))
          .isInstanceOf(NotShareableException.class);
      assertThat(files()).isEmpty();
      assertThatThrownBy(
              executor.submit(() -> new Object[] {new byte[LARGE], Thread.currentThread()})::get)
          .hasCauseInstanceOf(NotShareableException.class);
      assertThat(files()).isEmpty();
      assertThatThrownBy(
              executor.submit(
                      () -> {
                        throw new IllegalStateException("of " + large.length);
                      })
                  ::get)
          .hasRootCauseMessage("of " + LARGE);
      assertNoFiles();
    }
  }

  @Test
  void cancelBeforeAndWhileRunningLeavesNoFile() throws Exception {
    byte[] large = new byte[LARGE];
    String started = directory.resolve("started").toString();
    try (TaskExecutor executor = apart(1).open()) {
      TaskFuture<Integer> running =
          executor.submit(
              () -> {
                Files.createFile(Path.of(started));
                new CountDownLatch(1).await();
                return large.length;
              });
      TaskFuture<Integer> queued = executor.submit(() -> large.length);
      awaitFile(started);
      assertThat(files()).hasSize(2);
      assertThat(queued.cancel(true)).isTrue();
      assertThat(running.cancel(true)).isTrue();
      assertThat(executor.submit(() -> large.length).get()).isEqualTo(LARGE);
      assertNoFiles();
    }
  }

  @Test
  void aTaskThatIsTurnedAwayLeavesNoFile() throws Exception {
    byte[] large = new byte[LARGE];
    String gate = directory.resolve("gate").toString();
    try (TaskExecutor executor = apart(1).queue(1, QueuePolicy.REJECT).open()) {
      List<TaskFuture<?>> accepted = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  accepted.add(
                      executor.submit(
                          () -> {
                            awaitFile(gate);
                            return large.length;
                          }));
                }
              })
          .isInstanceOf(RejectedExecutionException.class);
      await() // what was turned away may have left its file to be written again, for a second
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(files().stream().filter(name -> name.startsWith("task-")))
                      .hasSize(accepted.size()));
      Files.createFile(Path.of(gate));
      for (TaskFuture<?> task : accepted) {
        task.get();
      }
      assertNoFiles();
    }
  }

  @Test
  void aKilledChildsTaskIsSentAgainWithItsBuffers() throws Exception {
    byte[] large = new byte[LARGE];
    Arrays.fill(large, (byte) 3);
    String trace = directory.resolve("first").toString();
    try (TaskExecutor executor = apart(1).open()) {
      TaskFuture<byte[]> twice =
          executor.submit(
              (Task<byte[]>)
                  () -> {
                    if (!Files.exists(Path.of(trace))) {
                      Files.createFile(Path.of(trace));
                      Runtime.getRuntime().halt(9);
                    }
                    return large;
                  },
              TaskOptions.defaults().withMaxAttempts(2));
      assertThat(Arrays.equals(twice.get(), large)).isTrue();
      assertThatThrownBy(
              executor.submit(
                      () -> {
                        Runtime.getRuntime().halt(large.length > 0 ? 8 : 7);
                        return large;
                      })
                  ::get)
          .hasCauseInstanceOf(WorkerCrashedException.class);
      assertNoFiles();
    }
  }

  @Test
  void childrenKilledAtAnyMomentLeaveNoFile() throws Exception {
    byte[] large = new byte[8 * LARGE];
    new Random(3).nextBytes(large);
    Random random = new Random(4);
    try (TaskExecutor executor = apart(1).open()) {
      for (int round = 0; round < 15; round++) {
        long pid = executor.submit(() -> ProcessHandle.current().pid()).get();
        List<TaskFuture<byte[]>> echoes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          echoes.add(executor.submit(() -> large));
        }
        long killAt = System.nanoTime() + random.nextInt(30_000_000);
        while (System.nanoTime() < killAt) {
          Thread.onSpinWait();
        }
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        for (TaskFuture<byte[]> echo : echoes) {
          try {
            assertThat(Arrays.equals(echo.get(), large)).isTrue();
          } catch (ExecutionException e) {
            assertThat(e).hasCauseInstanceOf(WorkerCrashedException.class);
          }
        }
      }
      assertNoFiles();
    }
  }

  @Test
  void closingAnExecutorTakesItsFilesAlong() throws Exception {
    byte[] large = new byte[LARGE];
    TaskExecutor executor = apart(1).open();
    String started = directory.resolve("started").toString();
    TaskFuture<byte[]> running =
        executor.submit(
            () -> {
              Files.createFile(Path.of(started));
              new CountDownLatch(1).await();
              return large;
            });
    TaskFuture<byte[]> queued = executor.submit(() -> large);
    awaitFile(started);
    assertThat(files()).hasSize(2);
    assertThat(executor.shutdownNow()).isEqualTo(List.of(queued));
    executor.close();
    assertThat(running.isDone()).isTrue();
    assertThat(NothingLeft.foldersIn(ScratchDirectory.defaultBase(directory))).isEmpty();
  }

  @Test
  void maxFrameCountsTheBuffers() throws Exception {
    byte[] half = new byte[600 << 10];
    try (TaskExecutor executor = apart(1).set("process-pool.max-frame", "1MiB").open()) {
      assertThat(executor.submit(() -> half).get()).hasSameSizeAs(half);
      byte[] other = half.clone();
      assertThatThrownBy(() -> executor.submit(() -> half.length + other.length))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("max-frame");
      assertThatThrownBy(executor.submit(() -> new byte[][] {half, half.clone()})::get)
          .hasCauseInstanceOf(NotShareableException.class)
          .hasMessageContaining("max-frame");
      assertNoFiles();
    }
  }

  @Test
  void switchedOffEverythingIsInTheFrame() throws Exception {
    byte[] large = new byte[LARGE];
    try (TaskExecutor executor = apart(1).set("process-pool.out-of-band", "off").open()) {
      assertThat(executor.submit(() -> large).get()).hasSize(LARGE);
      try (Stream<Path> made = Files.list(directory)) {
        assertThat(made).isEmpty();
      }
    }
  }

  @Test
  void whereNoFolderCanBeMadeTheTemporaryDirectoryServes() throws Exception {
    byte[] large = new byte[LARGE];
    String user = System.getProperty("user.name");
    Files.createFile(directory.resolve("interlock-" + user));
    try (TaskExecutor executor = apart(1).open()) {
      assertThat(executor.submit(() -> large).get()).hasSize(LARGE);
    }
  }

  private Process parent(String limits, String what) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            "sh",
            "-c",
            limits + "exec \"$@\"",
            "sh",
            java,
            "-Djava.io.tmpdir=" + directory,
            "-Dinterlock.process-pool.archive=off",
            "-Dinterlock.process-pool.out-of-band-directory=" + directory,
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            BufferParent.class.getName(),
            what)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("out").toFile())
        .start();
  }

  /** A limit on the size of files, for parent and child, stands for a full file system. */
  @Test
  void whereAFileCannotGrowItsBuffersGoIntoTheFrame() throws Exception {
    Process parent = parent("ulimit -f 2048; ", "echo");
    assertThat(parent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(directory.resolve("out")).content().contains("echoed").doesNotContain("xception");
    assertThat(parent.exitValue()).isZero();
    try (Stream<Path> left = Files.list(ScratchDirectory.defaultBase(directory))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void theFilesOfAKilledParentAreSweptByTheNextStart() throws Exception {
    Process parent = parent("", "hold");
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> Files.readString(directory.resolve("out")).contains("holding"));
      await().atMost(PATIENCE).until(() -> taskFiles(parent).size() == 2);
    } finally {
      parent.destroyForcibly().waitFor();
    }
    assertThat(taskFiles(parent)).hasSize(2);
    apart(1).open().close();
    assertThat(taskFiles(parent)).isEmpty();
    try (Stream<Path> left = Files.list(ScratchDirectory.defaultBase(directory))) {
      assertThat(left.filter(folder -> isOf(parent, folder))).isEmpty();
    }
  }

  private static boolean isOf(Process parent, Path folder) {
    return folder.getFileName().toString().startsWith(parent.pid() + "-");
  }

  private List<Path> taskFiles(Process parent) throws IOException {
    return LiveFiles.under(ScratchDirectory.defaultBase(directory)).stream()
        .filter(file -> file.getFileName().toString().startsWith("task-"))
        .filter(file -> isOf(parent, file.getParent()))
        .toList();
  }

  @Test
  void aFolderThatHasGoneIsNoFailure() throws Exception {
    byte[] large = new byte[LARGE];
    try (TaskExecutor executor = apart(1).open()) {
      assertThat(executor.submit(() -> large).get()).hasSize(LARGE);
      Path folder = NothingLeft.foldersIn(ScratchDirectory.defaultBase(directory)).get(0);
      Path aside = Files.move(folder, directory.resolve("aside"));
      assertThat(executor.submit(() -> large).get()).hasSize(LARGE);
      Files.move(aside, folder);
    }
  }

  @Test
  void aWaitingThreadThatIsInterruptedDoesNotSpoilResults() throws Exception {
    byte[] large = new byte[4 * LARGE];
    try (TaskExecutor executor = apart(1).open()) {
      for (int i = 0; i < 20; i++) {
        TaskFuture<byte[]> echo = executor.submit(() -> large);
        echo.whenComplete((result, failure) -> Thread.currentThread().interrupt());
        assertThat(echo.toCompletableFuture().join()).hasSameSizeAs(large);
      }
    }
    Thread.interrupted(); // by a callback that found its future done already
  }

  @Test
  void optionsAreChecked() {
    assertThatThrownBy(() -> pool(1).set("process-pool.out-of-band", "maybe").open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("one of auto, off");
    assertThatThrownBy(
            () ->
                pool(1)
                    .set("process-pool.out-of-band-directory", directory.resolve("no").toString())
                    .open())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("an existing directory");
  }
}
