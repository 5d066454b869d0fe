// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final int METADATA_BYTES = 128 << 10;

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

  /** Deletes the file of a cycle that nobody reads or writes any more. */
  void delete(int cycle) throws IOException {
    Files.deleteIfExists(directory.resolve(ByteCycle.name(cycle) + SingleChronicleQueue.SUFFIX));
  }

  /** Streams, not channels: an interrupt closes a channel under its user. */
  private static void writeZeros(Path file, long bytes) throws IOException {
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
