// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The message logs of one executor, in a {@link ScratchDirectory}: closing it, and the end of the
 * process, deletes them; what a killed process left is swept by the next. Thread-safe.
 */
final class LogDirectory implements AutoCloseable {
  private final Set<MessageLog> logs = ConcurrentHashMap.newKeySet();
  private final AtomicLong nextNumber = new AtomicLong();
  private final ScratchDirectory scratch;

  /**
   * Sweeps what dead processes left in the base directory and creates a folder of this one.
   *
   * @param base an existing directory that this process may write to
   * @throws IOException if it is not
   */
  LogDirectory(Path base) throws IOException {
    scratch = ScratchDirectory.create(base, this::closeLogs);
  }

  /**
   * Opens an empty message log in this folder; closing it, or this, deletes it.
   *
   * @param name becomes part of the log's directory name; letters, digits, dots and dashes
   * @throws IllegalStateException if this is closed
   * @throws IOException if there is no space
   */
  MessageLog createLog(String name) throws IOException {
    return createLog(name, LogRules.NONE);
  }

  /** {@link #createLog(String)} with rules. */
  MessageLog createLog(String name, LogRules rules) throws IOException {
    checkOpen();
    Path directory = scratch.folder().resolve(nextNumber.getAndIncrement() + "-" + name);
    MessageLog log = new MessageLog(() -> new ScratchStorage(directory), rules, logs::remove);
    logs.add(log);
    if (scratch.isClosed()) {
      log.close();
      checkOpen();
    }
    return log;
  }

  /** Whether {@link #close} was called, or the JVM shuts down. */
  boolean isClosed() {
    return scratch.isClosed();
  }

  /** Where the logs are. */
  Path folder() {
    return scratch.folder();
  }

  /**
   * Closes all logs that are still open and deletes the folder. Closing twice does nothing more.
   *
   * @throws IOException if a file could not be deleted
   */
  @Override
  public void close() throws IOException {
    scratch.close();
  }

  @Override
  public String toString() {
    return "LogDirectory[" + scratch.folder() + ", " + logs.size() + " open logs]";
  }

  private void checkOpen() {
    if (scratch.isClosed()) {
      throw new IllegalStateException(
          "The directory of message logs " + scratch.folder() + " is closed.");
    }
  }

  private void closeLogs() throws IOException {
    IOException failure = null;
    for (MessageLog log : logs) {
      try {
        log.close();
      } catch (IOException e) {
        failure = merge(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static IOException merge(@Nullable IOException first, IOException second) {
    if (first == null) {
      return second;
    }
    first.addSuppressed(second);
    return first;
  }
}
