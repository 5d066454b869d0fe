// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JVM that measures, seen from its parent.
 *
 * <p>Two threads read its output: messages go into a queue, and of everything else the last lines
 * are kept for the reason of a failure. It ends with {@link #close}, and with this process.
 */
final class CellJvm implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CellJvm.class);
  private static final int TAIL_LINES = 5;
  private static final long EXIT_LIMIT_MS = 3_000;

  private final Process process;
  private final BlockingQueue<Optional<CellMessage>> messages = new LinkedBlockingQueue<>();
  private final Deque<String> tail = new ArrayDeque<>();
  private final boolean echo;
  private final Thread endWithUs;
  private volatile boolean shuttingDown;

  private CellJvm(Process process, boolean echo) {
    this.process = process;
    this.echo = echo;
    this.endWithUs = new Thread(this::endOnShutdown, "cell-end");
  }

  /**
   * Starts one.
   *
   * @param echo whether what the tasks print is shown on standard error
   */
  static CellJvm start(List<String> command, boolean echo) throws IOException {
    CellJvm jvm = new CellJvm(new ProcessBuilder(command).start(), echo);
    Runtime.getRuntime().addShutdownHook(jvm.endWithUs);
    startReader("cell-messages", jvm::readMessages);
    startReader("cell-output", jvm::readOutput);
    return jvm;
  }

  private static void startReader(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void readMessages() {
    try (BufferedReader lines = reader(process.inputReader(StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (CellLines.isMessage(line)) {
          messages.add(Optional.of(CellLines.read(line)));
        } else {
          keep(line);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      keep("unreadable output: " + e.getMessage());
    } finally {
      messages.add(Optional.empty());
    }
  }

  private void readOutput() {
    try (BufferedReader lines =
        reader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        keep(line);
      }
    } catch (IOException e) {
      keep("unreadable error output: " + e.getMessage());
    }
  }

  private static BufferedReader reader(Reader in) {
    return in instanceof BufferedReader buffered ? buffered : new BufferedReader(in);
  }

  private void keep(String line) {
    synchronized (tail) {
      tail.addLast(line);
      if (tail.size() > TAIL_LINES) {
        tail.removeFirst();
      }
    }
    if (echo) {
      System.err.println(line);
    }
  }

  /**
   * Waits for the next message.
   *
   * @return empty when the JVM has ended
   * @throws SilentException if it said nothing for so long
   * @throws InterruptedException if the caller is interrupted, or this JVM is shutting down
   */
  Optional<CellMessage> next(Duration patience) throws InterruptedException, SilentException {
    Optional<CellMessage> message = messages.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (message == null) {
      throw new SilentException(patience);
    }
    if (shuttingDown) {
      throw new InterruptedException("The command was interrupted.");
    }
    return message;
  }

  /** Nothing came for longer than a cell may be silent. */
  static final class SilentException extends Exception {
    private static final long serialVersionUID = 1L;

    SilentException(Duration patience) {
      super("no sign of life for " + patience.toSeconds() + " s");
    }
  }

  /** How it ended: its exit code and its last lines. */
  String death() throws InterruptedException {
    if (!process.waitFor(EXIT_LIMIT_MS, TimeUnit.MILLISECONDS)) {
      return "closed its output but goes on";
    }
    synchronized (tail) {
      String lines = tail.isEmpty() ? "" : "; its last lines: " + String.join(" | ", tail);
      return "exit code " + process.exitValue() + lines;
    }
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(endWithUs);
    } catch (IllegalStateException e) {
      log.debug("This JVM is shutting down and runs the hook", e);
    }
  }

  private void endOnShutdown() {
    shuttingDown = true;
    end();
  }

  /** Closes its standard input, on which it ends by itself; by force if it does not. */
  private void end() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(EXIT_LIMIT_MS, TimeUnit.MILLISECONDS)) {
        process.toHandle().destroyForcibly();
      }
    } catch (IOException e) {
      process.toHandle().destroyForcibly();
    } catch (InterruptedException e) {
      process.toHandle().destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
