// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Queues on disks that are full, read-only or closed to us. In JVMs of their own, which a write to
 * a page without space would end.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueDiskTest {
  @TempDir Path temporary;
  private Path disk;

  private void mount(String what, String... command) throws Exception {
    disk = Files.createDirectory(temporary.resolve("disk"));
    if (!run(command)) {
      disk = null;
      abort(
          "Needs the right to mount "
              + what
              + " (root with CAP_SYS_ADMIN): "
              + Files.readString(temporary.resolve("run.out")));
    }
  }

  private boolean run(String... command) throws Exception {
    String[] full = command.clone();
    for (int i = 0; i < full.length; i++) {
      full[i] = full[i].replace("DISK", String.valueOf(disk));
    }
    try {
      Process process =
          new ProcessBuilder(full)
              .redirectErrorStream(true)
              .redirectOutput(temporary.resolve("run.out").toFile())
              .start();
      return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      Files.writeString(temporary.resolve("run.out"), e.toString());
      return false;
    }
  }

  private void mountTmpfs(String size) throws Exception {
    mount("a tmpfs of " + size, "mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", "DISK");
  }

  private void mountExt4() throws Exception {
    Path image = temporary.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(16 << 20);
    }
    if (!run("mkfs.ext4", "-q", "-F", image.toString())) {
      abort("Needs mkfs.ext4: " + Files.readString(temporary.resolve("run.out")));
    }
    mount("an ext4 image", "mount", "-o", "loop", image.toString(), "DISK");
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      assertThat(run("umount", "DISK")).as("umount").isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tmpfs, scratch, 1",
    "tmpfs, scratch, 2",
    "tmpfs, durable, 3",
    "tmpfs, durable, 4",
    "ext4, scratch, 5",
    "ext4, durable, 6"
  })
  void aFullDiskFailsThePutAndTheQueueGoesOn(String kind, String storage, String seed)
      throws Exception {
    if (kind.equals("ext4")) {
      mountExt4();
    } else {
      mountTmpfs("6m");
    }
    try (ChildJvm child = ChildJvm.start(temporary, Filler.class, disk.toString(), storage, seed)) {
      int exitCode = child.exitCode();
      assertThat(child.err()).isEmpty();
      assertThat(exitCode).isZero();
      assertThat(child.out()).isEqualTo("filled and recovered\n");
    }
  }

  /** Fills the disk beside a queue and by it, and makes room again. */
  static final class Filler {
    public static void main(String[] arguments) throws Exception {
      Path disk = Path.of(arguments[0]);
      boolean durable = arguments[1].equals("durable");
      Random random = new Random(Long.parseLong(arguments[2]));
      QueueOptions options = QueueOptions.defaults().withByReferenceAbove(Integer.MAX_VALUE);
      options = durable ? options.withDurable(disk, "queue") : options.withDirectory(disk);
      Path ballast = disk.resolve("ballast");
      try (InterpreterQueue queue = Interpreters.createQueue(options)) {
        for (int round = 0; round < 12; round++) {
          if (random.nextBoolean()) {
            TinyDisk.fill(ballast);
          }
          int maxLength = 1 << (1 + random.nextInt(19));
          int put = 0;
          try {
            while (true) {
              queue.putNow(message(put, 1 + random.nextInt(maxLength)));
              put++;
            }
          } catch (QueueStorageException e) {
            TinyDisk.check(e.getCause() instanceof IOException, e);
            TinyDisk.check(e.getMessage().contains("No space left on device"), e);
            TinyDisk.check(e.getMessage().contains(disk.toString()), e);
          }
          TinyDisk.fill(ballast);
          TinyDisk.check(queue.size() == put, null);
          refusesAnotherQueue(disk, durable);
          for (int i = 0; i < put / 2; i++) {
            byte[] item = (byte[]) queue.getNow();
            TinyDisk.check(Arrays.equals(item, message(i, item.length)), null);
          }
          Files.delete(ballast);
          queue.put(new byte[] {1});
          while (!queue.isEmpty()) {
            queue.get();
          }
        }
        if (durable) {
          queue.destroy();
        }
      }
      System.out.println("filled and recovered");
    }

    private static byte[] message(int number, int length) {
      byte[] message = new byte[length];
      Arrays.fill(message, (byte) number);
      return message;
    }

    private static void refusesAnotherQueue(Path disk, boolean durable) {
      QueueOptions options =
          durable
              ? QueueOptions.defaults().withDurable(disk, "other")
              : QueueOptions.defaults().withDirectory(disk);
      try (InterpreterQueue other = Interpreters.createQueue(options)) {
        throw new AssertionError("There was space for " + other);
      } catch (QueueStorageException e) {
        TinyDisk.check(e.getCause() instanceof IOException, e);
        TinyDisk.check(e.getMessage().contains("withDirectory"), e);
      }
    }
  }

  @Test
  void aReadOnlyDiskIsAnErrorOfTheCreation() throws Exception {
    mount("a read-only tmpfs", "mount", "-t", "tmpfs", "-o", "ro,size=1m", "tmpfs", "DISK");
    creationFails("java.io.IOException: The base directory " + disk + " is not writable");
  }

  @Test
  void aDiskTooSmallForAnyQueueIsAnErrorOfTheCreation() throws Exception {
    mountTmpfs("256k");
    creationFails("No space left on device");
    assertThat(disk).as("nothing is left").isEmptyDirectory();
  }

  @Test
  void aDirectoryWithoutPermissionIsAnErrorOfTheCreation() throws Exception {
    Path closed = Files.createDirectory(temporary.resolve("closed"));
    disk = null;
    if (!closed.toFile().setWritable(false) || Files.isWritable(closed)) {
      // Root may write anywhere, but in a directory that nobody may write to.
      if (!run("chattr", "+i", closed.toString())) {
        abort("Needs a user who is not root, or chattr");
      }
    }
    try (ChildJvm child = ChildJvm.start(temporary, Creator.class, closed.toString())) {
      assertThat(child.exitCode()).as(child.err()).isZero();
      assertThat(child.out()).contains("QueueStorageException").contains("IOException");
    } finally {
      run("chattr", "-i", closed.toString());
    }
  }

  private void creationFails(String message) throws Exception {
    try (ChildJvm child = ChildJvm.start(temporary, Creator.class, disk.toString())) {
      assertThat(child.exitCode()).as(child.err()).isZero();
      assertThat(child.out())
          .contains(message)
          .contains("QueueStorageException: The files of a queue cannot be had in " + disk)
          .endsWith("another queue works\n");
    }
  }

  /** Fails to create a queue there, and creates another elsewhere. */
  static final class Creator {
    public static void main(String[] arguments) throws Exception {
      Path there = Path.of(arguments[0]);
      try (InterpreterQueue queue =
          Interpreters.createQueue(QueueOptions.defaults().withDirectory(there))) {
        System.out.println("created " + queue);
      } catch (QueueStorageException e) {
        System.out.println(e + " caused by " + e.getCause());
      }
      try (InterpreterQueue queue =
          Interpreters.createQueue(QueueOptions.defaults().withDurable(there, "queue"))) {
        System.out.println("created " + queue);
      } catch (QueueStorageException e) {
        System.out.println(e + " caused by " + e.getCause());
      }
      try (InterpreterQueue queue = Interpreters.createQueue()) {
        queue.put(1);
        System.out.println(queue.get().equals(1) ? "another queue works" : "no");
      }
    }
  }
}
