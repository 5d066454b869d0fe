// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract.bad;

import dev.interlock.Action;
import dev.interlock.Capability;
import dev.interlock.MapOptions;
import dev.interlock.TaskDecorator;
import dev.interlock.TaskExecutor;
import dev.interlock.contract.reference.SameThreadExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.TaskRun;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The executors, as the providers that open them. */
final class BadExecutors {
  private BadExecutors() {}

  /** Keeps the contract; what the bad ones have in common. */
  public static class Good implements ExecutorProvider {
    @Override
    public final String strategy() {
      return "bad";
    }

    @Override
    public Set<Capability> capabilities() {
      return SameThreadExecutor.CAPABILITIES;
    }

    @Override
    public int defaultWorkers(int processors) {
      return 1;
    }

    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(settings);
    }
  }

  /** Now and then, a task goes nowhere. */
  public static final class LosesATask extends Good {
    private static final Queue<TaskRun<?>> LOST = new ConcurrentLinkedQueue<>();

    /** Without this, the executor would never end. */
    static void endLostTasks() {
      LOST.forEach(run -> run.cancel(false));
      LOST.clear();
    }

    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(settings) {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        protected void enqueue(TaskRun<?> run) {
          if (count.incrementAndGet() % 7 != 0) {
            super.enqueue(run);
          } else {
            LOST.add(run);
          }
        }
      };
    }
  }

  /** A task that throws gives null. */
  public static final class SwallowsAnException extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(settings) {
        @Override
        protected <T> TaskRun<T> prepare(Callable<T> task) {
          return super.prepare(
              () -> {
                try {
                  return task.call();
                } catch (Exception e) {
                  return null;
                }
              });
        }
      };
    }
  }

  /** A failure loses its type and its cause. */
  public static final class FlattensAnException extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(settings) {
        @Override
        protected <T> TaskRun<T> prepare(Callable<T> task) {
          return super.prepare(
              () -> {
                try {
                  return task.call();
                } catch (Exception e) {
                  throw new IllegalStateException(e.toString());
                }
              });
        }
      };
    }
  }

  /** Runs the bodies itself, because it must know them. */
  private abstract static class RunsBodies extends SameThreadExecutor {
    private final Map<TaskRun<?>, Callable<?>> bodies = new ConcurrentHashMap<>();

    RunsBodies(ExecutorSettings settings) {
      super(settings);
    }

    @Override
    protected <T> TaskRun<T> prepare(Callable<T> task) {
      TaskRun<T> run = super.prepare(task);
      bodies.put(run, task);
      return run;
    }

    @Override
    protected final void runNext(TaskRun<?> run) {
      runNext(run, bodies.remove(run));
    }

    abstract void runNext(TaskRun<?> run, Callable<?> body);
  }

  /** A cancelled task runs all the same, when its turn comes. */
  public static final class RunsAfterCancel extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new RunsBodies(settings) {
        @Override
        void runNext(TaskRun<?> run, Callable<?> body) {
          if (run.isCancelled()) {
            try {
              body.call();
            } catch (Exception e) {
              throw new AssertionError(e);
            }
          }
          run.runIn(slot());
        }
      };
    }
  }

  /** Cancelling a task interrupts whatever its thread runs at that moment. */
  public static final class InterruptsTheNextTask extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new RunsBodies(settings) {
        @Override
        @SuppressWarnings("unchecked")
        void runNext(TaskRun<?> run, Callable<?> body) {
          Thread thread = Thread.currentThread();
          Thread.interrupted();
          if (!run.begin(task -> thread.interrupt())) {
            return;
          }
          Object result;
          try {
            result = body.call();
          } catch (Exception e) {
            run.fail(e);
            return;
          }
          ((TaskRun<Object>) run).succeed(result);
        }
      };
    }
  }

  /** Says that it isolates, and shares. */
  public static final class SharesWhatItShouldIsolate extends Good {
    private static final Set<Capability> CLAIMED =
        Set.of(Capability.COPIED_TASKS, Capability.ISOLATED_STATE);

    @Override
    public Set<Capability> capabilities() {
      return CLAIMED;
    }

    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(settings, CLAIMED) {};
    }
  }

  /** Says that one task runs at a time, and starts a thread for each. */
  public static final class RunsTasksSideBySide extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(settings) {
        @Override
        protected void runNext(TaskRun<?> run) {
          new Thread(
                  () -> run.runIn(InterruptSlot.ofWorker(Thread.currentThread())),
                  settings().name() + "-task")
              .start();
        }
      };
    }
  }

  /** Takes whatever comes. */
  public static final class IgnoresTheQueueBound extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(
          with(settings, 0, settings.workerInitializer(), settings.decorators()));
    }
  }

  /** Runs a task where it is submitted. */
  public static final class WaitsInSubmit extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(settings) {
        @Override
        protected void enqueue(TaskRun<?> run) {
          run.runIn(InterruptSlot.ofCaller());
        }
      };
    }
  }

  /** Reads the input of a map further than it may. */
  public static final class ReadsTooFarAhead extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      TaskExecutor good = super.create(settings);
      return (TaskExecutor)
          Proxy.newProxyInstance(
              TaskExecutor.class.getClassLoader(),
              new Class<?>[] {TaskExecutor.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("map") && arguments[2] instanceof MapOptions options) {
                  arguments[2] = options.withBufferSize(options.bufferSize() + 50);
                }
                try {
                  return method.invoke(good, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }

  /** Leaves the queue as it is in {@code shutdownNow}. */
  public static final class RunsOnAfterShutdownNow extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(settings) {
        @Override
        protected List<TaskRun<?>> drainQueue() {
          return List.of();
        }
      };
    }
  }

  /** Says that it has ended while a thread of it lives. */
  public static final class LeavesAThread extends Good {
    private static final Queue<Thread> LEFT = new ConcurrentLinkedQueue<>();

    static void endThreads() {
      LEFT.forEach(Thread::interrupt);
      LEFT.clear();
    }

    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      Thread thread = new Thread(LeavesAThread::linger, settings.name() + "-left-behind");
      thread.setDaemon(true);
      thread.start();
      LEFT.add(thread);
      return super.create(settings);
    }

    private static void linger() {
      while (!Thread.interrupted()) {
        LockSupport.park();
      }
    }
  }

  /** Runs tasks as they come. */
  public static final class ForgetsDecorators extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(
          with(settings, settings.queueCapacity(), settings.workerInitializer(), List.of()));
    }
  }

  /** Starts with workers as they are. */
  public static final class ForgetsTheInitializer extends Good {
    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(
          with(settings, settings.queueCapacity(), null, settings.decorators()));
    }
  }

  private static ExecutorSettings with(
      ExecutorSettings settings,
      int queueCapacity,
      Action workerInitializer,
      List<TaskDecorator> decorators) {
    return new ExecutorSettings(
        settings.strategy(),
        settings.name(),
        settings.workers(),
        settings.workersChosen(),
        queueCapacity,
        settings.whenFull(),
        settings.submitSite(),
        settings.chunkTime(),
        settings.taskDefaults(),
        workerInitializer,
        decorators,
        settings.threadFactory(),
        settings.uncaughtExceptionHandler(),
        settings.taskOutput(),
        settings.options());
  }
}
