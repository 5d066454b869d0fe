// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.faults;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A whole process that uses process-pool is ended while its tasks loop: nothing may be left. */
final class LifeFaults {
  private static final long LIMIT_MS = 10_000;

  /** The first pool on a machine has a child more for a while, which makes the class archive. */
  private static final int WORKERS = 2;

  private static final String READY = "ready";
  private static final String INTERRUPT = "INT";

  /** In the mask of proc(5). */
  private static final int SIGINT = 1 << 1;

  private LifeFaults() {}

  static List<Fault> all() {
    return List.of(
        fault("parent-killed", "KILL"),
        fault("parent-terminated", "TERM"),
        fault("parent-interrupted", INTERRUPT));
  }

  private static Fault fault(String name, String signal) {
    return new Fault(
        "life",
        name,
        "A parent ended by SIG" + signal + " leaves no child; the next start leaves no file.",
        () -> parentEnds(signal));
  }

  /** What the parent does that is to be ended. */
  static final class Parent {
    private Parent() {}

    /** Keeps two children busy for ever; with an argument, runs one task and ends. */
    public static void main(String[] arguments) throws Exception {
      try (TaskExecutor executor =
          Interlock.builder().strategy("process-pool").workers(WORKERS).open()) {
        if (arguments.length > 0) {
          executor.submit(FaultTasks::pid).get();
          return;
        }
        TaskFuture<?> busy = executor.submit(FaultTasks::endlessLoop);
        executor.submit(FaultTasks::pid).get();
        TaskFuture<?> busyToo = executor.submit(FaultTasks::endlessLoop);
        System.out.println(READY);
        CompletableFuture.anyOf(busy.toCompletableFuture(), busyToo.toCompletableFuture()).join();
      }
    }
  }

  private static ProcessBuilder parent(Path temporary, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Parent.class.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
  }

  private static FaultResult parentEnds(String signal) throws Exception {
    if (signal.equals(INTERRUPT) && ignoresInterrupts()) {
      return new FaultResult(
          "left out: SIGINT is ignored here, as in a job in the background of a shell", true, "");
    }
    Path temporary = Files.createTempDirectory("interlock-faults-");
    try {
      Process parent = parent(temporary).start();
      List<ProcessHandle> children;
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
        if (!READY.equals(lines.readLine())) {
          return new FaultResult("the parent did not start", false, "");
        }
        children = parent.children().toList();
      }
      long startNs = System.nanoTime();
      new ProcessBuilder("kill", "-" + signal, Long.toString(parent.pid())).start().waitFor();
      if (!parent.waitFor(LIMIT_MS, TimeUnit.MILLISECONDS)) {
        parent.destroyForcibly().waitFor();
        return new FaultResult("the parent went on after the signal", false, "");
      }
      while (children.stream().anyMatch(ProcessHandle::isAlive) && elapsedMs(startNs) < LIMIT_MS) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      long ms = elapsedMs(startNs);
      long alive = children.stream().filter(ProcessHandle::isAlive).count();
      children.forEach(ProcessHandle::destroyForcibly);
      long files = filesAfterAnotherStart(temporary);
      return new FaultResult(
          children.size()
              - alive
              + " of "
              + children.size()
              + " children ended within "
              + ms
              + " ms",
          children.size() >= WORKERS && alive == 0 && files == 0,
          files + " files were left after the next start and end of a pool");
    } finally {
      delete(temporary);
    }
  }

  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    String key = "SigIgn:";
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith(key))
        .anyMatch(
            line ->
                (Long.parseUnsignedLong(line.substring(key.length()).strip(), 16) & SIGINT) != 0);
  }

  private static long elapsedMs(long startNs) {
    return (System.nanoTime() - startNs) / 1_000_000;
  }

  private static long filesAfterAnotherStart(Path temporary)
      throws IOException, InterruptedException {
    parent(temporary, "once").redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    try (Stream<Path> files = Files.walk(temporary)) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
