// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.faults;

import dev.interlock.Interlock;
import dev.interlock.RemoteTaskException;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import dev.interlock.TaskTimeoutException;
import dev.interlock.WorkerCrashedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The faults of one task: time-outs and crashes. The next task of the same executor must succeed.
 */
final class TaskFaults {
  private static final Duration LIMIT = Duration.ofMillis(500);

  private TaskFaults() {}

  static List<Fault> all() {
    return List.of(
        timeOut("endless-loop", FaultTasks::endlessLoop),
        timeOut("endless-regex", FaultTasks::endlessRegex),
        new Fault(
            "time-out",
            "native-read",
            "A task that hangs in the kernel is killed at its hard time-out.",
            TaskFaults::nativeRead),
        timeOut("deadlock", FaultTasks::deadlock),
        new Fault(
            "time-out",
            "soft",
            "A task that sleeps is interrupted at its soft time-out, and its child stays.",
            () ->
                fails(
                    FaultTasks::sleep,
                    TaskOptions.defaults().withSoftTimeout(LIMIT),
                    isTimeout(TaskTimeoutException.Kind.SOFT))),
        new Fault(
            "time-out",
            "no-progress",
            "A task that is not heard of is killed at its progress time-out.",
            () ->
                fails(
                    FaultTasks::endlessLoop,
                    TaskOptions.defaults().withProgressTimeout(LIMIT),
                    isTimeout(TaskTimeoutException.Kind.PROGRESS))),
        new Fault(
            "time-out",
            "total",
            "A task that is not done so long after its submit is killed.",
            () ->
                fails(
                    FaultTasks::endlessLoop,
                    TaskOptions.defaults().withTotalTimeout(LIMIT),
                    isTimeout(TaskTimeoutException.Kind.TOTAL))),
        crash("exit", () -> FaultTasks.exit(3), "exit code 3"),
        crash("halt", () -> FaultTasks.halt(4), "exit code 4"),
        crash("out-of-memory", FaultTasks::outOfMemory, "exit code 3"),
        crash("killed", () -> FaultTasks.signal("KILL"), "SIGKILL"),
        crash("terminated", () -> FaultTasks.signal("TERM"), "SIGTERM"),
        crash("segmentation-fault", FaultTasks::segmentationFault, "SIGSEGV"),
        new Fault(
            "crash",
            "stack-overflow",
            "A task whose stack overflows fails with that, and its child stays.",
            () ->
                fails(
                    () -> FaultTasks.overflow(0),
                    TaskOptions.defaults(),
                    failure ->
                        failure instanceof StackOverflowError
                            || failure instanceof RemoteTaskException)),
        new Fault(
            "crash",
            "poison",
            "A task that crashes its worker 3 times of 3 is given up, and named.",
            () ->
                fails(
                    () -> FaultTasks.exit(3),
                    TaskOptions.defaults().withMaxAttempts(3),
                    failure ->
                        failure instanceof WorkerCrashedException
                            && String.valueOf(failure.getMessage()).contains("3"))));
  }

  private static Fault timeOut(String name, Task<?> task) {
    return new Fault(
        "time-out",
        name,
        "The task is killed at its hard time-out, and nothing else is.",
        () ->
            fails(
                task,
                TaskOptions.defaults().withHardTimeout(LIMIT),
                isTimeout(TaskTimeoutException.Kind.HARD)));
  }

  private static Fault crash(String name, Task<?> task, String cause) {
    return new Fault(
        "crash",
        name,
        "The task fails with " + cause + ", and a new child takes the place of its own.",
        () ->
            fails(
                task,
                TaskOptions.defaults(),
                failure ->
                    failure instanceof WorkerCrashedException crashed
                        && crashed.deathCause().contains(cause)));
  }

  private static Predicate<Throwable> isTimeout(TaskTimeoutException.Kind kind) {
    return failure -> failure instanceof TaskTimeoutException late && late.kind() == kind;
  }

  private static FaultResult nativeRead() throws Exception {
    Path directory = Files.createTempDirectory("interlock-faults-");
    Path fifo = directory.resolve("silent");
    try {
      new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start().waitFor();
      String path = fifo.toString();
      return fails(
          () -> FaultTasks.nativeRead(path),
          TaskOptions.defaults().withHardTimeout(LIMIT),
          isTimeout(TaskTimeoutException.Kind.HARD));
    } finally {
      Files.deleteIfExists(fifo);
      Files.delete(directory);
    }
  }

  /** Two workers: one has the fault, the other must not notice; then a next task must succeed. */
  private static FaultResult fails(Task<?> task, TaskOptions options, Predicate<Throwable> expected)
      throws Exception {
    try (TaskExecutor executor =
        Interlock.builder()
            .strategy("process-pool")
            .workers(2)
            .set("process-pool.heap", "64MiB")
            .set("process-pool.output", "discard")
            .open()) {
      executor.submit(FaultTasks::pid).get(); // a child is there
      long startNs = System.nanoTime();
      TaskFuture<Integer> neighbour = executor.submit(() -> FaultTasks.doze(1_000));
      TaskFuture<?> future = executor.submit(task, options);
      try {
        Object result = future.get(1, TimeUnit.MINUTES);
        return new FaultResult("it returned " + result, false, "");
      } catch (ExecutionException e) {
        long elapsedMs = (System.nanoTime() - startNs) / 1_000_000;
        Throwable failure = e.getCause() == null ? e : e.getCause();
        boolean others =
            neighbour.get(1, TimeUnit.MINUTES) == 1_000
                && executor.submit(FaultTasks::pid).get(1, TimeUnit.MINUTES) > 0;
        return new FaultResult(
            brief(failure) + " after " + elapsedMs + " ms",
            expected.test(failure) && others,
            String.valueOf(failure.getMessage()));
      }
    }
  }

  private static String brief(Throwable failure) {
    String what =
        failure instanceof WorkerCrashedException crashed
            ? crashed.deathCause()
            : failure instanceof TaskTimeoutException late
                ? "stopped (" + late.kind().name().toLowerCase(Locale.ROOT) + ")"
                : failure.getClass().getSimpleName();
    return what;
  }
}
