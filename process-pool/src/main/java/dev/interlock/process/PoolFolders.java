// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folders of one executor, each made when something is to be put there: an executor whose child
 * is a spare may never need them.
 *
 * <p>Thread-safe: the monitor guards all fields, and is held while a folder is made or deleted.
 * Leaf; {@link #buffersIfMade} takes no lock.
 */
final class PoolFolders {
  private static final Logger log = LoggerFactory.getLogger(PoolFolders.class);

  private final BufferOptions options;
  private final int maxFrameBytes;
  private @Nullable ScratchDirectory scratch;
  private boolean triedBuffers;
  private volatile @Nullable SideFolder buffers;
  private boolean closed;

  /**
   * @param maxFrameBytes the largest frame, with what is beside it
   */
  PoolFolders(BufferOptions options, int maxFrameBytes) {
    this.options = options;
    this.maxFrameBytes = maxFrameBytes;
  }

  /**
   * Where parent and children meet.
   *
   * @throws IOException if it cannot be made, or all has been closed
   */
  synchronized Path scratch() throws IOException {
    ScratchDirectory known = scratch;
    if (known == null) {
      if (closed) {
        throw new IOException("the executor has ended");
      }
      try {
        known = ScratchDirectory.create();
      } catch (IllegalStateException e) {
        throw new IOException("this JVM shuts down", e);
      }
      scratch = known;
    }
    return known.folder();
  }

  /** Where large buffers are; null if they are in the frames. */
  @Nullable SideFolder buffers() {
    SideFolder known = buffers;
    return known == null ? makeBuffers() : known;
  }

  private synchronized @Nullable SideFolder makeBuffers() {
    if (!triedBuffers && !closed) {
      triedBuffers = true;
      buffers = SideFolder.open(options, maxFrameBytes, this::scratch);
    }
    return buffers;
  }

  /** {@link #buffers}, if something has been put there already. */
  @Nullable SideFolder buffersIfMade() {
    return buffers;
  }

  /** Deletes them; none is made any more. What cannot be deleted is left to the next start. */
  synchronized void close() {
    closed = true;
    close(scratch);
    close(buffers);
  }

  private static void close(@Nullable AutoCloseable folder) {
    if (folder != null) {
      try {
        folder.close();
      } catch (Exception e) {
        log.warn("Cannot delete {}; the next start will", folder, e);
      }
    }
  }
}
