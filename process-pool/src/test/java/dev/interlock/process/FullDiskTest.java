// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.WorkerCrashedException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A file system that has no space left costs a sentence, never a process. */
@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskTest {
  private static final String NO_SPACE = "No space left on device";

  @TempDir Path directory;

  private static byte[] payload(int bytes) {
    byte[] payload = new byte[bytes];
    new Random(3).nextBytes(payload);
    return payload;
  }

  private SmallDisk disk(int kibibytes) throws Exception {
    return SmallDisk.mount(directory.resolve("disk"), kibibytes);
  }

  private static Interlock.Builder buffersAt(SmallDisk disk) {
    return pool(1).set("process-pool.out-of-band-directory", disk.path().toString());
  }

  @Test
  void largeBuffersGoIntoTheFrameWhenTheirFolderIsFull() throws Exception {
    byte[] large = payload(8 << 20);
    try (SmallDisk disk = disk(1 << 10)) {
      disk.fillUpTo(0);
      try (TaskExecutor executor = buffersAt(disk).open()) {
        assertThat(Arrays.equals(executor.submit(() -> large).get(), large)).isTrue();
        assertThat(executor.stats().workersStarted()).isEqualTo(1);
      }
    }
  }

  @Test
  void largeBuffersGoIntoTheFrameWhenTheirFolderGetsFullMeanwhile() throws Exception {
    byte[] large = payload(1 << 20);
    try (SmallDisk disk = disk(8 << 10)) {
      try (TaskExecutor executor = buffersAt(disk).open()) {
        assertThat(executor.submit(() -> large).get()).isEqualTo(large);
        for (int left : new int[] {600 << 10, 200 << 10, 0}) {
          disk.free();
          disk.fillUpTo(left);
          List<TaskFuture<byte[]>> echoes = new ArrayList<>();
          for (int i = 0; i < 6; i++) {
            echoes.add(executor.submit(() -> large));
          }
          for (TaskFuture<byte[]> echo : echoes) {
            assertThat(Arrays.equals(echo.get(), large)).isTrue();
          }
        }
        assertThat(executor.stats().workersStarted()).isEqualTo(1);
        assertThat(executor.stats().failed()).isZero();
      }
    }
  }

  @Test
  void memoryThatCannotBeSharedIsAnExceptionAndLeavesNoFile() throws Exception {
    try (SmallDisk disk = disk(1 << 10)) {
      for (int left : new int[] {0, 16 << 10, 380 << 10}) {
        disk.free();
        disk.fillUpTo(left);
        assertThatThrownBy(() -> RingFile.createIn(disk.path()))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(NO_SPACE);
        try (Stream<Path> files = Files.list(disk.path())) {
          assertThat(files.map(file -> file.getFileName().toString())).containsExactly("filler");
        }
      }
      disk.free();
      RingFile.createIn(disk.path()).close();
    }
  }

  @Test
  void aTaskThatFillsTheDiskFailsAloneWithWhatTheSystemSays() throws Exception {
    try (SmallDisk disk = disk(1 << 10);
        TaskExecutor executor = pool(1).open()) {
      String file = disk.path().resolve("result").toString();
      TaskFuture<String> writes =
          executor.submit(() -> Files.write(Path.of(file), new byte[4 << 20]).toString());
      assertThatThrownBy(writes::get).hasRootCauseMessage(NO_SPACE);
      disk.fillUpTo(0);
      String folder = disk.path().resolve("missing").resolve("file").toString();
      Throwable failure =
          catchThrowable(executor.submit(() -> Files.createFile(Path.of(folder)).toString())::get);
      assertThat(failure.getCause()).isInstanceOf(FileSystemException.class);
      assertThat(((FileSystemException) failure.getCause()).getFile()).isEqualTo(folder);
      assertThat(executor.submit(() -> 2).get()).isEqualTo(2);
      assertThat(executor.stats().workersStarted()).isEqualTo(1);
    }
  }

  @Test
  void aPoolThatCannotBeStartedSaysWhyAndTheNextOneIsStarted() throws Exception {
    String temporary = System.getProperty("java.io.tmpdir");
    try (SmallDisk disk = disk(1 << 10)) {
      System.setProperty("java.io.tmpdir", disk.path().toString());
      try {
        disk.fillUpTo(0);
        Throwable failure = catchThrowable(FullDiskTest::runOneTask);
        assertThat(failure).hasStackTraceContaining(NO_SPACE);
        assertThat(Stream.iterate(failure, e -> e != null, Throwable::getCause))
            .anyMatch(IOException.class::isInstance);
        disk.free();
        assertThat(runOneTask()).isEqualTo(1);
      } finally {
        System.setProperty("java.io.tmpdir", temporary);
      }
    }
  }

  private static int runOneTask() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      return executor.submit(() -> 1).get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPoolThatRunsGoesOnWhenTheTemporaryDirectoryGetsFull() throws Exception {
    String temporary = System.getProperty("java.io.tmpdir");
    try (SmallDisk disk = disk(4 << 10)) {
      System.setProperty("java.io.tmpdir", disk.path().toString());
      try (TaskExecutor executor = TransportTest.warm(pool(1), 1)) {
        disk.fillUpTo(0);
        byte[] large = payload(3 << 20);
        assertThat(Arrays.equals(executor.submit(() -> large).get(), large)).isTrue();
        TaskFuture<Integer> crashes =
            executor.submit(
                () -> {
                  Runtime.getRuntime().halt(3);
                  return 0;
                });
        assertThatThrownBy(crashes::get).hasCauseInstanceOf(WorkerCrashedException.class);
        TaskFuture<Integer> next = executor.submit(() -> 2);
        disk.free();
        assertThat(next.get()).isEqualTo(2);
      } finally {
        System.setProperty("java.io.tmpdir", temporary);
      }
    }
  }
}
