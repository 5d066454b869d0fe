// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.spi.ScratchDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool's folder for the files beside frames, in memory if the system has such a place. The parent
 * makes the files of tasks, and deletes each when its run has ended; a task may be sent again until
 * then. Children make the files of outcomes; the parent deletes each when the outcome is read, and
 * when the child has died before that. What else is there goes with the folder, and the folder of a
 * killed parent by the next start.
 *
 * <p>Thread-safe.
 */
final class SideFolder implements Closeable {
  /** Apart: a child loads no logging library before it has something to say. */
  private static final class Log {
    static final Logger OF_CLASS = LoggerFactory.getLogger(SideFolder.class);
  }

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final String TASK = "task-";

  /** Of the room that was there when the folder was made, this part may be used: one half. */
  private static final int SHARE = 2;

  private final @Nullable ScratchDirectory own;
  private final Path path;
  private final int maxFrameBytes;
  private final TaskFiles tasks;
  private final SideRoom room;
  private final SpareFiles spares = new SpareFiles();

  private SideFolder(@Nullable ScratchDirectory own, Path path, int maxFrameBytes)
      throws IOException {
    this.own = own;
    this.path = path;
    this.tasks = new TaskFiles(key -> taskFile(path, key));
    this.maxFrameBytes = maxFrameBytes;
    this.room = new SideRoom(Files.getFileStore(path).getUsableSpace() / SHARE);
  }

  /**
   * Makes a folder, and sweeps what killed processes have left beside it.
   *
   * @param scratch the pool's other folder, for where there is no memory of this kind
   * @return null if there is to be none, or none can be made: everything is in frames then
   */
  static @Nullable SideFolder open(BufferOptions options, int maxFrameBytes, Place scratch) {
    if (options.policy() == BufferOptions.OutOfBandPolicy.OFF) {
      return null;
    }
    Path configured = options.directory();
    Path base = configured == null ? SHARED_MEMORY : configured;
    if (Files.isDirectory(base)) {
      try {
        return in(base, maxFrameBytes);
      } catch (IOException e) {
        Log.OF_CLASS.info(
            "Large buffers go by the scratch folder, because {} cannot be used: {}",
            base,
            e.toString());
      }
    }
    try {
      Path folder = Files.createDirectory(scratch.folder().resolve("buffers"));
      return new SideFolder(null, folder, maxFrameBytes);
    } catch (IOException e) {
      Log.OF_CLASS.debug("All buffers go by frames", e);
      return null;
    }
  }

  private static SideFolder in(Path base, int maxFrameBytes) throws IOException {
    ScratchDirectory directory =
        ScratchDirectory.create(ScratchDirectory.defaultBase(base), () -> {});
    try {
      return new SideFolder(directory, directory.folder(), maxFrameBytes);
    } catch (IOException e) {
      directory.close();
      throw e;
    }
  }

  /** What a child is told: see {@link ChildBuffers}. */
  String prefixOf(String worker) {
    return path.resolve(worker).toString();
  }

  static Path taskFile(Path folder, long key) {
    return folder.resolve(TASK + key);
  }

  static Path outcomeFile(String prefix, long delivery) {
    return Path.of(prefix + "-" + Long.toUnsignedString(delivery));
  }

  static Path spareFile(Path prefix) {
    return Path.of(prefix + "-spare");
  }

  /** For the buffers of a task that is about to be encoded. */
  SideFile forTask() {
    return new SideFile(tasks, maxFrameBytes, room);
  }

  /**
   * The buffers of an outcome.
   *
   * @param frameBytes how long its frame is; both together must not be larger than a frame may
   */
  SideReader ofOutcome(String worker, long delivery, int frameBytes) {
    return SideReader.ofChild(
        key -> outcomeFile(prefixOf(worker), key),
        delivery,
        (long) maxFrameBytes - frameBytes,
        (file, bytes) -> spares.keep(file, bytes, spareFile(Path.of(prefixOf(worker)))));
  }

  /** A child has died before it answered: what it may have written. */
  void forgetOutcome(String worker, long delivery) {
    SpareFiles.delete(outcomeFile(prefixOf(worker), delivery));
  }

  /** A child has died, and needs its spare no more. */
  void forgetSpare(String worker) {
    SpareFiles.delete(spareFile(Path.of(prefixOf(worker))));
  }

  @Override
  public void close() throws IOException {
    tasks.close();
    if (own != null) {
      own.close();
    }
  }
}
