// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import dev.interlock.TaskOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A child JVM and the three threads that read and deliver what it prints. Thread-safe. */
final class ChildProcess {
  /** How long to wait for more output after the end: the child's own children may hold the pipe. */
  private static final Duration OUTPUT_QUIET = Duration.ofMillis(500);

  private static final int SIGNAL_BASE = 128;
  private static final Map<Integer, String> SIGNALS =
      Map.of(
          4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV", 15,
          "SIGTERM", 2, "SIGINT", 1, "SIGHUP");

  private static final int STREAMS = 2;

  private final Process process;
  private final Path reports;
  private final OutputBuffer output;
  private final OutputPump stdout;
  private final OutputPump stderr;
  private final OutputTail tail = new OutputTail();
  private final Queue<CompletableFuture<Process>> exits = new ConcurrentLinkedQueue<>();
  private volatile String name;

  private ChildProcess(
      String name,
      String threadName,
      Process process,
      OutputRoute route,
      Path reports,
      UnaryOperator<InputStream> filter) {
    this.name = name;
    this.reports = reports;
    this.process = process;
    this.output =
        OutputBuffer.start(threadName + "-output", STREAMS, route.of(name, process.pid()));
    this.stdout =
        OutputPump.start(
            filter.apply(process.getInputStream()),
            TaskOutput.Stream.STDOUT,
            threadName + "-stdout",
            tail,
            output);
    this.stderr =
        OutputPump.start(
            process.getErrorStream(),
            TaskOutput.Stream.STDERR,
            threadName + "-stderr",
            tail,
            output);
  }

  /**
   * Starts the child, and the threads that read its output.
   *
   * @param reports where its JVM writes a report if it crashes: {@link CrashLog#arguments}
   * @param filter between its stdout and who reads that
   * @throws IOException if there is no such program, or the system has no room for a process
   */
  static ChildProcess start(
      String name,
      String threadName,
      ProcessBuilder command,
      OutputRoute route,
      Path reports,
      UnaryOperator<InputStream> filter)
      throws IOException {
    return new ChildProcess(name, threadName, command.start(), route, reports, filter);
  }

  /** It has another owner from now on. */
  void rename(String owner, OutputRoute route) {
    name = owner;
    output.deliverTo(route.of(owner, process.pid()));
  }

  /** What the child reads. */
  OutputStream stdin() {
    return process.getOutputStream();
  }

  /**
   * Runs the action, which cannot fail, when the child has ended; or never: {@link #ignoreExit}.
   */
  @SuppressWarnings("FutureReturnValueIgnored")
  void onExit(Runnable action) {
    CompletableFuture<Process> exit = process.onExit();
    exits.add(exit);
    exit.thenRun(action);
  }

  /**
   * No action need run at its exit any more. The JDK starts a thread for each, and only then tells
   * those who wait for the child that it has ended.
   */
  void ignoreExit() {
    exits.forEach(exit -> exit.cancel(false));
    exits.clear();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills the child. Not through {@link Process}, which would close its output unread. */
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /** Waits for the child's end, and kills it if it has not come by then; then for its output. */
  void awaitEnd(Duration timeout) {
    Deadline deadline = Deadline.after(timeout);
    boolean ended = false;
    while (!ended) {
      ended = awaitExit(deadline);
    }
    awaitOutput(stdout);
    awaitOutput(stderr);
    output.awaitDelivery();
  }

  /** Waits until what the child has written to stdout has been read, after its end. */
  void awaitStdout() {
    awaitOutput(stdout);
  }

  /** Until the stream's end, or until nothing has come for so long, or been delivered. */
  private void awaitOutput(OutputPump pump) {
    long seen;
    do {
      seen = pump.bytesRead() + output.deliveredLines();
    } while (!pump.awaitEnd(OUTPUT_QUIET)
        && (seen != pump.bytesRead() + output.deliveredLines() || output.isMoving()));
  }

  /** False if it was interrupted: a callback did that, and a worker's thread has no use for it. */
  private boolean awaitExit(Deadline deadline) {
    try {
      if (!process.waitFor(deadline.remainingNs(), TimeUnit.NANOSECONDS)) {
        kill();
        process.waitFor();
      }
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Whether it has ended by a signal, its own crash included. */
  boolean hasCrashed() {
    return !process.isAlive() && process.exitValue() > SIGNAL_BASE;
  }

  /** {@code exit code 3} or {@code signal 9 (SIGKILL)}. For a child that has ended. */
  String deathCause() {
    int code = process.exitValue();
    String signal = SIGNALS.get(code - SIGNAL_BASE);
    return signal == null
        ? "exit code " + code
        : "signal " + (code - SIGNAL_BASE) + " (" + signal + ")";
  }

  long pid() {
    return process.pid();
  }

  /** The head of the JVM's report on its crash, once; empty if there is none. */
  String crashLog() {
    return CrashLog.take(reports, process.pid());
  }

  String stderrTail() {
    return tail.text();
  }

  /** {@code worker-1 pid 1234}. */
  String describe() {
    return name + " pid " + process.pid();
  }
}
