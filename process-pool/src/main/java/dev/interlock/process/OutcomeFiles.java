// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child's files for the buffers of its outcomes. When the file that it wrote last comes back
 * again and again, it is mapped: to write its memory takes a third of the time. Only what was
 * written before is written so, where memory that is once there stays; so a full file system is no
 * fault.
 *
 * <p>Used by one thread.
 */
final class OutcomeFiles {
  /** Apart: a child loads no logging library before it has something to say. */
  private static final class Log {
    static final Logger OF_CLASS = LoggerFactory.getLogger(OutcomeFiles.class);
  }

  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final String prefix;
  private final Path spare;
  private final boolean mayMap;

  /** The file that came back last; null after a new one was made, which may have its number. */
  private @Nullable Object lastInode;

  private @Nullable ByteBuffer memory;

  /**
   * @param prefix begins the path of each
   */
  OutcomeFiles(String prefix) {
    this.prefix = prefix;
    this.spare = SideFolder.spareFile(Path.of(prefix));
    this.mayMap = spare.startsWith(SHARED_MEMORY);
  }

  /** The file of the outcome of this delivery, when it is wanted. */
  SideStore of(long delivery) {
    return () -> open(delivery);
  }

  private SideStore.Held open(long delivery) throws IOException {
    Path path = SideFolder.outcomeFile(prefix, delivery);
    FileChannel reused = SpareFiles.reuse(spare, path);
    if (reused == null) {
      forget();
      return new OutcomeFile(delivery, path, SpareFiles.create(path));
    }
    try {
      mapIfItCameBack(path, reused);
    } catch (IOException e) {
      Log.OF_CLASS.debug("{} is not mapped", path, e);
      forget();
    }
    return new OutcomeFile(delivery, path, reused);
  }

  private void mapIfItCameBack(Path path, FileChannel file) throws IOException {
    if (!mayMap) {
      return;
    }
    Object inode = Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    if (!inode.equals(lastInode)) {
      forget();
      lastInode = inode;
      return;
    }
    long size = file.size();
    if (size <= Integer.MAX_VALUE && (memory == null || memory.capacity() < size)) {
      memory = file.map(FileChannel.MapMode.READ_WRITE, 0, size).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private void forget() {
    lastInode = null;
    memory = null;
  }

  private final class OutcomeFile implements SideStore.Held {
    private final long delivery;
    private final Path path;
    private final FileChannel channel;

    OutcomeFile(long delivery, Path path, FileChannel channel) {
      this.delivery = delivery;
      this.path = path;
      this.channel = channel;
    }

    @Override
    public long key() {
      return delivery;
    }

    @Override
    public FileChannel channel() {
      return channel;
    }

    @Override
    public @Nullable ByteBuffer memory(long at, int bytes) {
      ByteBuffer mapped = memory;
      return mapped == null || at + bytes > mapped.capacity()
          ? null
          : mapped.slice((int) at, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What lies within its size is written as memory when it comes back. */
    @Override
    public boolean mayHaveHoles() {
      return false;
    }

    @Override
    public void written() throws IOException {
      channel.close();
    }

    @Override
    public void release() {
      delete();
    }

    @Override
    public void delete() {
      OutcomeFiles.this.forget();
      SpareFiles.delete(path);
    }
  }
}
