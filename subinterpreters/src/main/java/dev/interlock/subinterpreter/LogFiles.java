// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The Chronicle queue of one {@link MessageLog}, with those ends that belong to this process. Not
 * thread-safe: the log sees to it that an end has one user at a time.
 */
final class LogFiles {
  private final LogStorage storage;
  private final ChronicleQueue queue;
  private final @Nullable LogWriter writer;
  private final @Nullable LogReader reader;

  /** Makes or finds the files of a log. */
  interface Opener {
    LogStorage open() throws IOException;
  }

  /**
   * Opens the files.
   *
   * @param maxDiskBytes what all of them may take
   * @throws IOException if there is no space, or the storage cannot be had; nothing is left
   */
  LogFiles(Opener opener, long maxDiskBytes) throws IOException {
    ChronicleFlags.require();
    storage = opener.open();
    ChronicleQueue opened = null;
    try {
      LogCounters counters = storage.counters();
      CycleFiles files = new CycleFiles(storage.directory());
      List<Integer> cycles = files.cycles();
      ByteCycle cycle = new ByteCycle(storage.firstCycle());
      opened = open(storage.directory(), cycle);
      queue = opened;
      int oldest = cycles.isEmpty() ? cycle.current() : cycles.get(0);
      reader = storage.ends().gets() ? new LogReader(queue, files, oldest, counters.read()) : null;
      writer =
          storage.ends().puts()
              ? new LogWriter(queue, files, cycle, counters.appended(), maxDiskBytes)
              : null;
    } catch (IOException | RuntimeException | Error e) {
      if (opened != null) {
        opened.close();
      }
      try {
        storage.discard();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /** Chronicle looks for services through the context loader once and for ever: it gets ours. */
  private static ChronicleQueue open(Path directory, ByteCycle cycle) {
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    thread.setContextClassLoader(LogFiles.class.getClassLoader());
    try {
      return SingleChronicleQueueBuilder.binary(directory)
          .rollCycle(cycle)
          .timeProvider(cycle)
          .blockSize(LogWriter.BLOCK_BYTES)
          .checkInterrupts(false)
          .build();
    } finally {
      thread.setContextClassLoader(context);
    }
  }

  LogStorage storage() {
    return storage;
  }

  /** The appending end, which must be this process's. */
  LogWriter writer() {
    return Objects.requireNonNull(writer, "the appending end is another process's");
  }

  /** The reading end, which must be this process's. */
  LogReader reader() {
    return Objects.requireNonNull(reader, "the reading end is another process's");
  }

  /** Unmaps the files and releases the storage; false if that was done before. */
  boolean close() throws IOException {
    if (queue.isClosed()) {
      return false;
    }
    if (writer != null) {
      writer.close();
    }
    if (reader != null) {
      reader.close();
    }
    queue.close();
    storage.release();
    return true;
  }
}
