// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The open queues of this process by their ids, and the folders with their files. An id is never
 * used twice. Thread-safe.
 *
 * <p>The queues that are not durable share a folder of the process in each base directory: made for
 * the first of them, deleted with the last. {@code folders} is guarded by this class's lock, which
 * is held while a folder is made or deleted, and never while a queue is used.
 */
final class QueueTable {
  private static final AtomicLong lastId = new AtomicLong();
  private static final ConcurrentMap<Long, InterpreterQueue> open = new ConcurrentHashMap<>();
  private static final Map<Path, Folder> folders = new HashMap<>();

  static {
    InterpreterTable.onRemove(id -> open.values().forEach(queue -> queue.producerEnded(id)));
  }

  private QueueTable() {}

  private static final class Folder {
    private final LogDirectory logs;
    private int queues;

    Folder(Path base) throws IOException {
      logs = new LogDirectory(base);
    }
  }

  static long nextId() {
    return lastId.incrementAndGet();
  }

  static void add(InterpreterQueue queue) {
    open.put(queue.id(), queue);
  }

  static @Nullable InterpreterQueue find(long id) {
    return open.get(id);
  }

  /** False if it was not there any more. */
  static boolean remove(InterpreterQueue queue) {
    return open.remove(queue.id(), queue);
  }

  /** Opens the log of a queue that ends with it. */
  static MessageLog openScratch(Path base, String name, LogRules rules) throws IOException {
    Folder folder;
    synchronized (QueueTable.class) {
      folder = folders.get(base);
      if (folder == null || folder.logs.isClosed()) {
        folder = new Folder(base);
        folders.put(base, folder);
      }
      folder.queues++;
    }
    try {
      return folder.logs.createLog(name, rules);
    } catch (IOException | RuntimeException | Error e) {
      try {
        leave(base);
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** A queue that {@link #openScratch} has opened is closed. */
  static synchronized void leave(Path base) throws IOException {
    Folder folder = folders.get(base);
    if (folder != null && --folder.queues == 0) {
      folders.remove(base);
      folder.logs.close();
    }
  }

  static Path defaultBase() throws IOException {
    return ScratchDirectory.defaultBase();
  }
}
