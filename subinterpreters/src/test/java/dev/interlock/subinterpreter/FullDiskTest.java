// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In JVMs of their own, which a write to a page without space would end. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FullDiskTest {
  @TempDir Path temporary;
  private Path disk;

  @BeforeEach
  void mountSmallDisk() throws Exception {
    disk = Files.createDirectory(temporary.resolve("disk"));
    Process mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString())
            .redirectErrorStream(true)
            .redirectOutput(temporary.resolve("mount.out").toFile())
            .start();
    if (!mount.waitFor(30, TimeUnit.SECONDS) || mount.exitValue() != 0) {
      disk = null;
      abort(
          "Needs the right to mount a tmpfs of 2 MiB (root with CAP_SYS_ADMIN): "
              + Files.readString(temporary.resolve("mount.out")));
    }
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      int exitCode = new ProcessBuilder("umount", disk.toString()).start().waitFor();
      assertThat(exitCode).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aFullDiskIsAnExceptionAndTheLogGoesOnOnceThereIsSpace(long seed) throws Exception {
    try (ChildJvm child =
        ChildJvm.start(temporary, Filler.class, disk.toString(), String.valueOf(seed))) {
      int exitCode = child.exitCode();
      assertThat(child.err()).isEmpty();
      assertThat(exitCode).isZero();
      assertThat(child.out()).matches("filled 20 times, [1-9][0-9]* messages\n");
      assertThat(disk).isEmptyDirectory();
    }
  }

  /** Fills the disk with messages and with a file beside them, then makes room by reading. */
  static final class Filler {
    private final Random random;
    private final MessageLog log;
    private final Path ballast;
    private final Queue<byte[]> expected = new ArrayDeque<>();

    private Filler(Random random, MessageLog log, Path ballast) {
      this.random = random;
      this.log = log;
      this.ballast = ballast;
    }

    public static void main(String[] arguments) throws Exception {
      Path disk = Path.of(arguments[0]);
      int messages = 0;
      try (LogDirectory directory = new LogDirectory(disk);
          MessageLog log = directory.createLog("in")) {
        Filler filler =
            new Filler(new Random(Long.parseLong(arguments[1])), log, disk.resolve("ballast"));
        for (int i = 0; i < 20; i++) {
          messages += filler.fillAndDrain();
        }
        refusesToOpenWhenFull(directory, filler);
      }
      System.out.println("filled 20 times, " + messages + " messages");
    }

    private int fillAndDrain() throws Exception {
      boolean ballastFirst = random.nextBoolean();
      int maxLength = 1 << (1 + random.nextInt(20));
      if (ballastFirst) {
        TinyDisk.fill(ballast);
      }
      int messages = appendUntilFull(maxLength);
      if (!ballastFirst) {
        TinyDisk.fill(ballast);
        messages += appendUntilFull(1 + maxLength / 100);
      }
      refuses(new byte[1 << 20]);
      drain(random.nextInt(expected.size() + 1));
      if (random.nextBoolean()) {
        messages += appendUntilFull(1 + maxLength / 2);
      }
      Files.delete(ballast);
      drain(expected.size());
      byte[] last = message(100_000);
      log.append(last);
      expected.add(last);
      drain(1);
      return messages;
    }

    private int appendUntilFull(int maxLength) throws IOException {
      int messages = 0;
      while (true) {
        byte[] message = message(1 + random.nextInt(maxLength));
        long before = log.size();
        try {
          log.append(message);
          expected.add(message);
          messages++;
        } catch (IOException e) {
          TinyDisk.check(String.valueOf(e.getMessage()).contains("No space left on device"), e);
          TinyDisk.check(log.size() == before, e);
          return messages;
        }
      }
    }

    private void refuses(byte[] message) {
      try {
        log.append(message);
        throw new AssertionError("There was space for " + message.length + " bytes");
      } catch (IOException e) {
        TinyDisk.check(String.valueOf(e.getMessage()).contains("No space left on device"), e);
      }
    }

    private void drain(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        TinyDisk.check(Arrays.equals(log.poll(), expected.remove()), null);
      }
      if (expected.isEmpty()) {
        TinyDisk.check(log.poll() == null, null);
      }
    }

    private static void refusesToOpenWhenFull(LogDirectory directory, Filler filler)
        throws IOException {
      TinyDisk.fill(filler.ballast);
      try (MessageLog other = directory.createLog("other")) {
        throw new AssertionError("There was space for " + other);
      } catch (IOException e) {
        TinyDisk.check(String.valueOf(e.getMessage()).contains("No space left on device"), e);
      }
      Files.delete(filler.ballast);
      directory.createLog("other").close();
    }

    private byte[] message(int length) {
      byte[] message = new byte[length];
      random.nextBytes(message);
      return message;
    }
  }
}
