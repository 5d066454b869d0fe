// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.threads;

import dev.interlock.Interlock;
import dev.interlock.Task;
import dev.interlock.TaskDecorator;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread-local context, as logging libraries have it in their {@code MDC}, that goes with each
 * task: read where the task is submitted, set where it runs, and gone afterwards.
 */
public final class RequestContext {
  private static final ThreadLocal<@Nullable String> REQUEST = new ThreadLocal<>();

  private RequestContext() {}

  private static TaskDecorator carryingTheRequest() {
    return task -> {
      String request = REQUEST.get(); // on the submitting thread
      return with(request, task);
    };
  }

  private static Task<Object> with(@Nullable String request, Task<Object> task) {
    return () -> {
      String before = REQUEST.get();
      REQUEST.set(request);
      try {
        return task.call();
      } finally {
        REQUEST.set(before);
      }
    };
  }

  /** Two requests of two tasks each. */
  public static void main(String[] arguments) throws Exception {
    try (TaskExecutor executor =
        Interlock.builder()
            .strategy("free-threaded")
            .workers(2)
            .decorator(carryingTheRequest())
            .open()) {
      List<TaskFuture<String>> lines = new ArrayList<>();
      for (String request : List.of("r-1", "r-2")) {
        REQUEST.set(request);
        for (String step : List.of("reads", "writes")) {
          lines.add(executor.submit(() -> "[" + REQUEST.get() + "] " + step));
        }
      }
      REQUEST.remove();
      for (TaskFuture<String> line : lines) {
        System.out.println(line.get());
      }
      System.out.println("[" + executor.submit(() -> String.valueOf(REQUEST.get())).get() + "]");
    }
  }
}
