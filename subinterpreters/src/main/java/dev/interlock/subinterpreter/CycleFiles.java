// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/**
 * The files of one log, each filled with zeros before Chronicle maps it.
 *
 * <p>Chronicle maps sparse files. When the disk is full, the first write to a page that has no
 * block yet raises SIGBUS, which ends the JVM. A file that was written once from end to end has all
 * its blocks, and a full disk is an {@link IOException} of that write.
 *
 * <p>A cycle's file must exist as {@code <name>.precreated}: Chronicle renames it when it enters
 * the cycle. Created under its final name it would look like a cycle already in use, and messages
 * get lost.
 *
 * <p>This holds on file systems that overwrite in place (ext4, XFS, tmpfs), not on copy-on-write
 * ones (btrfs, ZFS), which may need a new block for each write.
 */
final class CycleFiles {
  private static final String PRECREATED_SUFFIX = ".precreated";

  /** Chronicle maps this much of its table of positions and locks. */
  static final int METADATA_BYTES = 128 << 10;

  private static final byte[] ZEROS = new byte[64 << 10];

  private final Path directory;

  CycleFiles(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes the file that holds Chronicle's table.
   *
   * @throws IOException if there is no space; no file is left
   */
  void createMetadata() throws IOException {
    writeZeros(directory.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE), METADATA_BYTES);
  }

  /**
   * Writes the file of a cycle that Chronicle has not entered yet.
   *
   * @throws IOException if there is no space; no file is left
   */
  void create(int cycle, long bytes) throws IOException {
    writeZeros(directory.resolve(ByteCycle.name(cycle) + PRECREATED_SUFFIX), bytes);
  }

  /** What all files take on disk. */
  long totalBytes() throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        bytes += sizeOf(file);
      }
    }
    return bytes;
  }

  private static long sizeOf(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0; // a reader has just deleted it, or it has got its final name
    }
  }

  /** The cycles that were entered and not deleted, in order. */
  List<Integer> cycles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SingleChronicleQueue.SUFFIX))
          .map(name -> name.substring(0, name.length() - SingleChronicleQueue.SUFFIX.length()))
          .map(ByteCycle::cycle)
          .sorted()
          .toList();
    }
  }

  /** The file of a cycle that was entered. */
  Path file(int cycle) {
    return directory.resolve(ByteCycle.name(cycle) + SingleChronicleQueue.SUFFIX);
  }

  /** Deletes the files of cycles that were never entered. */
  void deleteUnentered() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (file.toString().endsWith(PRECREATED_SUFFIX)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Deletes what {@link #createMetadata} has made, if it is there. */
  void deleteMetadata() throws IOException {
    Files.deleteIfExists(directory.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE));
  }

  /** Whether {@link #createMetadata} has been here. */
  boolean hasMetadata() {
    return Files.exists(directory.resolve(SingleChronicleQueue.QUEUE_METADATA_FILE));
  }

  /** Deletes the file of a cycle that nobody reads or writes any more. */
  void delete(int cycle) throws IOException {
    Files.deleteIfExists(file(cycle));
  }

  /** Streams, not channels: an interrupt closes a channel under its user. */
  static void writeZeros(Path file, long bytes) throws IOException {
    try (OutputStream out = new FileOutputStream(file.toFile())) {
      long left = bytes;
      while (left > 0) {
        int length = (int) Math.min(left, ZEROS.length);
        out.write(ZEROS, 0, length);
        left -= length;
      }
    } catch (IOException e) {
      IOException failure =
          new IOException("Cannot write " + bytes + " bytes to " + file + ": " + e.getMessage(), e);
      try {
        Files.deleteIfExists(file);
      } catch (IOException suppressed) {
        failure.addSuppressed(suppressed);
      }
      throw failure;
    }
  }
}
