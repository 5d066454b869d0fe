// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.Closeable;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The memory that a child and its parent share: a file of the parent's that both map, and that has
 * a name only until the child has mapped it. All of it is written before it is mapped, so a full
 * file system is an exception here, never a fault in an access later on.
 */
final class RingFile implements Closeable {
  /** Apart: a child loads no logging library while a task waits for it to attach. */
  private static final class Log {
    static final Logger OF_CLASS = LoggerFactory.getLogger(RingFile.class);
  }

  private static final String PREFIX = "interlock-ring-";
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final int HEADER_BYTES = 4 << 10;
  private static final int TASK_BYTES = 128 << 10;
  private static final int OUTCOME_BYTES = 256 << 10;
  private static final int BYTES = HEADER_BYTES + TASK_BYTES + OUTCOME_BYTES;
  private static final int TASK_CONTROL = 512;
  private static final int OUTCOME_CONTROL = TASK_CONTROL + Ring.CONTROL_BYTES;

  private static final int SPIN = 64;
  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  /** Longer than a child needs to map its file: an older one is what a killed parent has left. */
  private static final Duration LEFT_BEHIND = Duration.ofMinutes(1);

  private static final AtomicBoolean swept = new AtomicBoolean();
  private static final AtomicLong lastNumber = new AtomicLong();

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final MappedByteBuffer memory;

  private RingFile(Path path, MappedByteBuffer memory) {
    this.path = path;
    this.memory = memory;
  }

  /** Makes a file in memory if the system has such a place, else in {@code directory}. */
  static RingFile create(Path directory) throws IOException {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      throw new IOException("a mapped file cannot be deleted here"); // as on Windows
    }
    if (Files.isDirectory(SHARED_MEMORY)) {
      try {
        if (swept.compareAndSet(false, true)) {
          sweep(SHARED_MEMORY);
        }
        return createIn(SHARED_MEMORY);
      } catch (IOException e) {
        Log.OF_CLASS.debug("No ring in {}", SHARED_MEMORY, e);
      }
    }
    return createIn(directory);
  }

  /** Deletes what was left by parents that were killed while a child was attaching. */
  static void sweep(Path directory) throws IOException {
    Instant limit = Instant.now().minus(LEFT_BEHIND);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path file : files) {
        try {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
            Files.deleteIfExists(file);
          }
        } catch (IOException e) {
          Log.OF_CLASS.debug("{} stays; it may be another user's", file, e);
        }
      }
    }
  }

  static RingFile createIn(Path directory) throws IOException {
    FileAttribute<?> mode = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    Path path =
        directory.resolve(
            PREFIX + ProcessHandle.current().pid() + "-" + lastNumber.incrementAndGet());
    try (FileChannel file =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            mode)) {
      ByteBuffer zeros = ByteBuffer.allocate(BYTES);
      while (zeros.hasRemaining()) {
        file.write(zeros);
      }
      return new RingFile(path, file.map(FileChannel.MapMode.READ_WRITE, 0, BYTES));
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** Maps the file that the other side has made. */
  static ByteBuffer attach(Path path) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      if (file.size() != BYTES) {
        throw new IOException(path + " has " + file.size() + " bytes, but should have " + BYTES);
      }
      return file.map(FileChannel.MapMode.READ_WRITE, 0, BYTES).order(ByteOrder.nativeOrder());
    }
  }

  static Ring tasks(ByteBuffer memory) {
    return new Ring(memory, TASK_CONTROL, HEADER_BYTES, TASK_BYTES);
  }

  static Ring outcomes(ByteBuffer memory) {
    return new Ring(memory, OUTCOME_CONTROL, HEADER_BYTES + TASK_BYTES, OUTCOME_BYTES);
  }

  /** The parent says whether the child may spin. */
  static void allowSpin(ByteBuffer memory, boolean allowed) {
    INT.setOpaque(memory, SPIN, allowed ? 1 : 0);
  }

  static boolean maySpin(ByteBuffer memory) {
    return (int) INT.getOpaque(memory, SPIN) != 0;
  }

  Path path() {
    return path;
  }

  ByteBuffer memory() {
    return memory;
  }

  /** Takes the name away; the memory stays as long as it is mapped. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
