// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import com.typesafe.config.Config;
import dev.interlock.Action;
import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.TaskDecorator;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskOptions;
import dev.interlock.TaskOutputListener;
import dev.interlock.config.Layers;
import dev.interlock.config.Options;
import java.lang.Thread.UncaughtExceptionHandler;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** From configuration to a running executor: chooses the strategy and checks the common keys. */
public final class ExecutorOpening {
  private static final int MOST_WORKERS = 32_767;

  /** Leaves room in a semaphore for those who wait when the door closes. */
  private static final int MOST_QUEUED = 1 << 30;

  private static final String AUTO = "auto";
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private enum SubmitSiteChoice {
    ON,
    OFF,
    AUTO
  }

  /** What was read last: most programs open their executors alike. */
  private static volatile @Nullable Read last;

  /**
   * The settings that a configuration gives, without a name of their own and without code's. Weak,
   * because the provider may hold a loader that is done with.
   */
  private record Read(
      Config config,
      WeakReference<ExecutorProvider> provider,
      Set<Capability> capabilities,
      int processors,
      ExecutorSettings settings) {
    boolean isOf(
        Config otherConfig,
        ExecutorProvider otherProvider,
        Set<Capability> otherCapabilities,
        int otherProcessors) {
      return config == otherConfig
          && provider.refersTo(otherProvider)
          && capabilities.equals(otherCapabilities)
          && processors == otherProcessors;
    }
  }

  private ExecutorOpening() {}

  /** Opens the executor that the layers of configuration ask for. */
  public static TaskExecutor open(
      @Nullable Config application, Map<String, Object> code, GivenInCode given) {
    Strategies strategies = Strategies.find();
    Config config = Layers.load(application, code, strategies.absent());
    ExecutorProvider provider = choose(strategies, config);
    return ExecutorHandle.of(provider.create(settings(strategies, provider, config, given)));
  }

  /**
   * What only code can say.
   *
   * @param workerInitializer as in {@link ExecutorSettings}
   * @param decorators as in {@link ExecutorSettings}
   * @param threadFactory as in {@link ExecutorSettings}
   * @param uncaughtExceptionHandler as in {@link ExecutorSettings}
   * @param taskOutput as in {@link ExecutorSettings}
   */
  public record GivenInCode(
      @Nullable Action workerInitializer,
      List<TaskDecorator> decorators,
      @Nullable ThreadFactory threadFactory,
      @Nullable UncaughtExceptionHandler uncaughtExceptionHandler,
      @Nullable TaskOutputListener taskOutput) {
    /** Copies the list. */
    public GivenInCode {
      decorators = List.copyOf(decorators);
    }
  }

  private static ExecutorProvider choose(Strategies strategies, Config config) {
    Options options = new Options(config, "interlock");
    String name = options.text("strategy");
    return name.equals(AUTO)
        ? strategies.only()
        : strategies.named(name, options.origin("strategy"));
  }

  private static ExecutorSettings settings(
      Strategies strategies, ExecutorProvider provider, Config config, GivenInCode given) {
    Options own = new Options(config, "interlock").under(provider.strategy());
    Set<Capability> capabilities = provider.capabilities(own);
    if (given.threadFactory() != null && !capabilities.contains(Capability.SHARED_MEMORY)) {
      throw new ConfigurationException(
          "A thread factory was given, but "
              + provider.strategy()
              + " runs tasks on no threads of this process's own. Leave it out, or use "
              + strategies.thatCan(Capability.SHARED_MEMORY)
              + ".",
          null);
    }
    Read known = last;
    int processors = Runtime.getRuntime().availableProcessors();
    if (known == null || !known.isOf(config, provider, capabilities, processors)) {
      known =
          new Read(
              config,
              new WeakReference<>(provider),
              capabilities,
              processors,
              read(strategies, provider, capabilities, config, processors));
      last = known;
    }
    ExecutorSettings read = known.settings;
    return new ExecutorSettings(
        read.strategy(),
        read.name().equals(AUTO)
            ? provider.strategy() + "-" + NUMBER.incrementAndGet()
            : read.name(),
        read.workers(),
        read.workersChosen(),
        read.queueCapacity(),
        read.whenFull(),
        read.submitSite(),
        read.chunkTime(),
        read.taskDefaults(),
        given.workerInitializer(),
        given.decorators(),
        given.threadFactory(),
        given.uncaughtExceptionHandler(),
        given.taskOutput(),
        read.options());
  }

  private static ExecutorSettings read(
      Strategies strategies,
      ExecutorProvider provider,
      Set<Capability> capabilities,
      Config config,
      int processors) {
    Options common = new Options(config, "interlock");
    boolean copies = capabilities.contains(Capability.COPIED_TASKS);
    int capacity =
        common
            .integerOr(AUTO, "queue.capacity", 0, MOST_QUEUED)
            .orElse(provider.defaultQueueCapacity());
    QueuePolicy whenFull = common.choice("queue.when-full", QueuePolicy.class);
    boolean oneAtATime = capabilities.contains(Capability.MUTUAL_EXCLUSION);
    if ((copies || oneAtATime) && whenFull == QueuePolicy.CALLER_RUNS) {
      throw common.wrong(
          "queue.when-full",
          "caller-runs",
          "block or reject: "
              + provider.strategy()
              + (copies
                  ? " copies its tasks, the caller would not"
                  : " runs one task at a time, the caller would run another"));
    }
    OptionalInt workers = common.integerOr(AUTO, "workers", 1, MOST_WORKERS);
    return new ExecutorSettings(
        provider.strategy(),
        common.text("name"),
        workers.orElseGet(() -> provider.defaultWorkers(processors)),
        workers.isPresent(),
        capacity,
        whenFull,
        switch (common.choice("submit-site", SubmitSiteChoice.class)) {
          case ON -> true;
          case OFF -> false;
          case AUTO -> copies || oneAtATime;
        },
        common
            .durationOr(AUTO, "map.chunk-time", Duration.ofNanos(1_000), Duration.ofHours(1))
            .orElseGet(provider::defaultChunkTime),
        taskDefaults(strategies, provider, capabilities, common.under("task")),
        null,
        List.of(),
        null,
        null,
        null,
        common.under(provider.strategy()));
  }

  private static TaskOptions taskDefaults(
      Strategies strategies,
      ExecutorProvider provider,
      Set<Capability> capabilities,
      Options task) {
    boolean kills = capabilities.contains(Capability.KILL);
    if (!kills && !task.isWord("hard-timeout", "off")) {
      throw task.wrong(
          "hard-timeout",
          task.text("hard-timeout"),
          "off: "
              + provider.strategy()
              + " cannot stop a task by force. Use "
              + strategies.thatCan(Capability.KILL));
    }
    return new TaskOptions(
        limit(task, "soft-timeout", TaskOptions.SHORTEST),
        limit(task, "hard-timeout", TaskOptions.SHORTEST),
        limit(task, "progress-timeout", TaskOptions.SHORTEST_PROGRESS),
        limit(task, "total-timeout", TaskOptions.SHORTEST),
        task.integer("max-attempts", 1, TaskOptions.MOST_ATTEMPTS));
  }

  private static @Nullable Duration limit(Options task, String key, Duration shortest) {
    return task.durationOr("off", key, shortest, TaskOptions.LONGEST).orElse(null);
  }
}
