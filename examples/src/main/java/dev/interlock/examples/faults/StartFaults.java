// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.faults;

import dev.interlock.BrokenExecutorException;
import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Child JVMs that cannot start: an error that says why, and no storm of starts. */
final class StartFaults {
  private StartFaults() {}

  static List<Fault> all() {
    return List.of(
        fault("bad-flag", "process-pool.jvm-args", List.of("-XX:NoSuchFlag=1"), "NoSuchFlag"),
        fault("heap-too-large", "process-pool.jvm-args", List.of("-Xms900T", "-Xmx900T"), "heap"),
        fault("no-java", "process-pool.java-home", "/no/such/java", "java"));
  }

  private static Fault fault(String name, String key, Object value, String named) {
    return new Fault(
        "start",
        name,
        "An error names what is wrong, after three starts at most.",
        () -> open(key, value, named));
  }

  private static FaultResult open(String key, Object value, String named) throws Exception {
    TaskExecutor executor;
    try {
      executor =
          Interlock.builder()
              .strategy("process-pool")
              .workers(2)
              .set("process-pool.output", "discard")
              .set(key, value)
              .open();
    } catch (ConfigurationException e) {
      return result("refused when opened", e, named);
    }
    try (executor) {
      executor.submit(FaultTasks::pid).get(1, TimeUnit.MINUTES);
      return new FaultResult("it started", false, "");
    } catch (BrokenExecutorException e) {
      return result("submit is refused", e, named);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return cause instanceof BrokenExecutorException
          ? result("the executor is broken", cause, named)
          : new FaultResult("it failed with " + cause, false, "");
    }
  }

  /** Shows the line that names what is wrong. */
  private static FaultResult result(String what, Throwable failure, String named) {
    StringBuilder text = new StringBuilder();
    for (Throwable link = failure; link != null; link = link.getCause()) {
      text.append(link.getMessage()).append('\n');
    }
    String line =
        text.toString().lines().filter(part -> part.contains(named)).findFirst().orElse("");
    return new FaultResult(what + ": " + line, !line.isEmpty(), text.toString());
  }
}
