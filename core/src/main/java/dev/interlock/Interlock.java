// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import com.typesafe.config.Config;
import dev.interlock.spi.ExecutorOpening;
import dev.interlock.spi.QueuePolicy;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens executors. The strategy is chosen by configuration, so that moving a task set to another
 * one changes no code:
 *
 * <pre>{@code
 * try (TaskExecutor executor = Interlock.open();
 *     Stream<Long> sums = executor.map(Sums::ofSquares, List.of(1_000_000, 2_000_000))) {
 *   sums.forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Strongest first: what the builder is told, system properties ({@code
 * -Dinterlock.strategy=process-pool}), the environment ({@code INTERLOCK_STRATEGY=process-pool}),
 * {@code application.conf}, and the defaults in each module's {@code reference.conf}. Thread-safe.
 */
public final class Interlock {
  private Interlock() {}

  /**
   * Opens an executor as configured. With no configuration at all, the strategy is the one whose
   * module is on the class path.
   *
   * @throws ConfigurationException if a key or value is wrong, or no strategy can be chosen
   * @throws IllegalStateException if this JVM lacks what the strategy needs; the message has the
   *     remedy
   */
  public static TaskExecutor open() {
    return builder().open();
  }

  /** {@link #open()} with the strategy given in code. */
  public static TaskExecutor open(String strategy) {
    return builder().strategy(strategy).open();
  }

  /** {@link #open()} with {@code config} in place of {@code application.conf}. */
  public static TaskExecutor open(Config config) {
    return builder().config(config).open();
  }

  /** For what only code can say: initializers, decorators; and for everything else as well. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects what code sets; everything else comes from configuration. Not thread-safe. */
  public static final class Builder {
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final List<TaskDecorator> decorators = new ArrayList<>();
    private @Nullable Config config;
    private @Nullable Action workerInitializer;
    private @Nullable ThreadFactory threadFactory;
    private @Nullable UncaughtExceptionHandler uncaughtExceptionHandler;
    private @Nullable TaskOutputListener taskOutput;

    private Builder() {}

    /** The strategy: {@code gil-threading}, {@code process-pool}, ... */
    public Builder strategy(String name) {
      return set("strategy", name);
    }

    /** How many workers run tasks side by side; at least 1. */
    public Builder workers(int workers) {
      return set("workers", workers);
    }

    /** The executor's name, which its worker threads carry. */
    public Builder name(String name) {
      return set("name", name);
    }

    /**
     * How many tasks may wait for a worker, and what {@code submit} does beyond; 0 for unbounded.
     */
    public Builder queue(int capacity, QueuePolicy whenFull) {
      set("queue.capacity", capacity);
      return set("queue.when-full", whenFull.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /** Whether failures carry the stack of the code that submitted the task. */
    public Builder submitSite(boolean on) {
      return set("submit-site", on ? "on" : "off");
    }

    /**
     * Runs once in each worker before its first task, and again in each worker that replaces one.
     * If it throws, the executor is broken: see {@link BrokenExecutorException}.
     */
    public Builder workerInitializer(Action initializer) {
      this.workerInitializer = initializer;
      return this;
    }

    /** Wraps every task; the first one added is the outermost. */
    public Builder decorator(TaskDecorator decorator) {
      decorators.add(decorator);
      return this;
    }

    /**
     * Makes the worker threads, and those that stand in for blocked ones, as {@link
     * java.util.concurrent.ThreadPoolExecutor} has it: their names, priorities, groups, handlers
     * and context class loaders are the factory's. Without one, they are daemons of normal
     * priority, named {@code <name>-worker-<n>}, that inherit no thread-locals and have the context
     * class loader of who opens the executor.
     *
     * <p>For strategies whose workers are threads on shared memory ({@code free-threaded}, {@code
     * gil-threading}); {@link #open} fails on the others. Called by whoever needs one more worker,
     * on that thread. If it throws, or gives null, other workers go on; if there are none, the
     * executor is broken, with the cause ({@link BrokenExecutorException}). Threads that are no
     * daemons keep the JVM alive until the executor is closed.
     */
    public Builder threadFactory(ThreadFactory factory) {
      this.threadFactory = factory;
      return this;
    }

    /**
     * Gets what tasks throw that came by {@link TaskExecutor#execute}, with the thread that found
     * it out. Without one, it is the handler of that thread. Other ways to submit give a future,
     * which has the failure.
     */
    public Builder uncaughtExceptionHandler(UncaughtExceptionHandler handler) {
      this.uncaughtExceptionHandler = handler;
      return this;
    }

    /**
     * Gets what tasks print, in place of this process's own output, where workers have an output of
     * their own.
     */
    public Builder taskOutput(TaskOutputListener listener) {
      this.taskOutput = listener;
      return this;
    }

    /** Takes the place of {@code application.conf}. */
    public Builder config(Config application) {
      this.config = application;
      return this;
    }

    /**
     * Any key, relative to {@code interlock}: {@code set("gil-threading.switch-interval", "1ms")}.
     */
    public Builder set(String key, Object value) {
      values.put(key, value);
      return this;
    }

    /**
     * Opens the executor.
     *
     * @throws ConfigurationException if a key or value is wrong, no strategy can be chosen, or the
     *     strategy has no use for a thread factory that was given
     * @throws IllegalStateException if this JVM lacks what the strategy needs
     */
    public TaskExecutor open() {
      return ExecutorOpening.open(
          config,
          values,
          new ExecutorOpening.GivenInCode(
              workerInitializer, decorators, threadFactory, uncaughtExceptionHandler, taskOutput));
    }
  }
}
