// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parent's files for the buffers of tasks. One that is done with stays open, for a second,
 * under its name and with its memory: new memory takes three times as long to write, and a child
 * may keep such a file mapped. So a name is never given to two files, and a file does not get
 * shorter before it is deleted.
 *
 * <p>Thread-safe: the monitor guards what is kept; files are opened and deleted outside of it.
 */
final class TaskFiles implements SideStore, Closeable {
  private static final Logger log = LoggerFactory.getLogger(TaskFiles.class);

  /** As many as are kept, and as much as is in them together. */
  static final int MOST_KEPT = 4;

  private static final long MOST_BYTES = 128L << 20;

  private static final long KEPT_NS = TimeUnit.SECONDS.toNanos(1);

  private final LongFunction<Path> place;
  private final Deque<TaskFile> kept = new ArrayDeque<>();
  private long keptBytes;
  private long lastKey;
  private long lastKeptNs;
  private boolean willTrim;
  private boolean closed;

  /**
   * @param place where the file of a name is
   */
  TaskFiles(LongFunction<Path> place) {
    this.place = place;
  }

  @Override
  public Held take() throws IOException {
    for (TaskFile last = poll(); last != null; last = poll()) {
      if (Files.exists(last.path, LinkOption.NOFOLLOW_LINKS)) {
        return last;
      }
      last.delete(); // its folder has gone
    }
    long key = nextKey();
    return new TaskFile(key, place.apply(key));
  }

  private synchronized @Nullable TaskFile poll() {
    TaskFile last = kept.pollFirst();
    if (last != null) {
      keptBytes -= last.keptBytes;
    }
    return last;
  }

  private synchronized long nextKey() {
    return ++lastKey;
  }

  private void keep(TaskFile file, long bytes) {
    synchronized (this) {
      if (!closed && kept.size() < MOST_KEPT && bytes <= MOST_BYTES - keptBytes) {
        file.keptBytes = bytes;
        keptBytes += bytes;
        kept.addFirst(file);
        lastKeptNs = System.nanoTime();
        if (!willTrim) {
          willTrim = true;
          trimLater();
        }
        return;
      }
    }
    file.delete();
  }

  private void trimLater() {
    CompletableFuture.delayedExecutor(KEPT_NS, TimeUnit.NANOSECONDS, Runnable::run)
        .execute(this::trim);
  }

  private void trim() {
    List<TaskFile> old;
    synchronized (this) {
      if (!kept.isEmpty() && System.nanoTime() - lastKeptNs < KEPT_NS) {
        trimLater();
        return;
      }
      willTrim = false;
      old = takeAll();
    }
    old.forEach(TaskFile::delete);
  }

  private List<TaskFile> takeAll() {
    List<TaskFile> all = new ArrayList<>(kept);
    kept.clear();
    keptBytes = 0;
    return all;
  }

  @Override
  public void close() {
    List<TaskFile> all;
    synchronized (this) {
      closed = true;
      all = takeAll();
    }
    all.forEach(TaskFile::delete);
  }

  private final class TaskFile implements Held {
    private final long key;
    private final Path path;
    private final FileChannel channel;
    private long keptBytes;

    @SuppressWarnings("MustBeClosedChecker") // delete closes it
    TaskFile(long key, Path path) throws IOException {
      this.key = key;
      this.path = path;
      this.channel = SpareFiles.create(path);
    }

    @Override
    public long key() {
      return key;
    }

    @Override
    public FileChannel channel() {
      return channel;
    }

    /** A child reads what a frame refers to, and that was written whole. */
    @Override
    public boolean mayHaveHoles() {
      return true;
    }

    @Override
    public void written() {}

    @Override
    public void release() {
      long bytes;
      try {
        bytes = channel.size();
      } catch (IOException e) {
        log.trace("{} was closed by an interrupt", path, e);
        delete();
        return;
      }
      keep(this, bytes);
    }

    /** Its memory goes at once, even if a child has it mapped. */
    @Override
    public void delete() {
      try (channel) {
        if (channel.isOpen()) {
          channel.truncate(0);
        }
      } catch (IOException e) {
        log.debug("{} did not close well", path, e);
      }
      SpareFiles.delete(path);
    }
  }
}
