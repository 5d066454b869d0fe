// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.processes;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

/** A regular expression that would be tried for years is stopped after a second. */
public final class TimeOut {
  private TimeOut() {}

  static boolean matches(String expression, String text) {
    return Pattern.matches(expression, text);
  }

  /** Prints what became of two matches. */
  public static void main(String[] arguments) throws InterruptedException {
    TaskOptions oneSecond = TaskOptions.defaults().withHardTimeout(Duration.ofSeconds(1));
    try (TaskExecutor executor = Interlock.open("process-pool")) {
      TaskFuture<Boolean> years =
          executor.submit(() -> matches("(.*a){12}$", "a".repeat(300) + "!"), oneSecond);
      TaskFuture<Boolean> next = executor.submit(() -> matches("a*!", "aaa!"), oneSecond);
      for (TaskFuture<Boolean> match : List.of(years, next)) {
        try {
          System.out.println("matches: " + match.get());
        } catch (ExecutionException e) {
          System.out.println("stopped: " + e.getCause());
        }
      }
    }
  }
}
