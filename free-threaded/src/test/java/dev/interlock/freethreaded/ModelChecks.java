// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.TaskFuture;
import dev.interlock.spi.ExecutorSettings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jetbrains.lincheck.Lincheck;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;

/**
 * The process of {@link ModelCheckTest}: Lincheck tries interleavings one by one. Of the queues it
 * checks that they are linearizable; of the whole executor, with workers that do not spin, that
 * every submit is followed by its result, so that a lost wake-up hangs. Two checks that must fail
 * show that it finds such things.
 */
final class ModelChecks {
  private static final int TIMES = Integer.getInteger("stress.times", 1);

  private ModelChecks() {}

  /** Prints a line for each check; ends with the first one that fails. */
  public static void main(String[] arguments) throws Exception {
    linearizable(Inbox.class, Fifo.class);
    linearizable(Forks.class, FromBothEnds.class);
    every(60, "a worker sleeps or is woken", ModelChecks::submitTwice);
    every(30, "two submit at once", ModelChecks::submitFromTwoThreads);
    every(30, "cancel against run", ModelChecks::cancelAgainstRun);
    every(30, "shutdown against submit", ModelChecks::shutdownAgainstSubmit);
    every(20, "a task forks and waits", ModelChecks::forkAndWait);
    found("a queue that gives an element twice", () -> linearizable(Racy.class, Fifo.class));
    if (Runtime.version().feature() < 21) { // on 25, Lincheck 3.7 does not see this small one
      found("a lost wake-up", () -> every(500, "(not so)", ModelChecks::sleepAfterALookOnly));
    }
    System.out.println("all checks passed");
    Runtime.getRuntime().halt(0); // the workers of executors that were checked to hang are left
  }

  private static void linearizable(Class<?> type, Class<?> sequential) {
    new ModelCheckingOptions()
        .iterations(10 * TIMES)
        .invocationsPerIteration(400)
        .threads(2)
        .actorsPerThread(3)
        .sequentialSpecification(sequential)
        .check(type);
    System.out.println("linearizable: " + type.getSimpleName());
  }

  private static void every(int interleavings, String what, Runnable body) {
    Lincheck.runConcurrentTest(interleavings * TIMES, body);
    System.out.println("always ends: " + what);
  }

  private static void found(String what, Runnable check) {
    try {
      check.run();
    } catch (LincheckAssertionError expected) {
      System.out.println("found: " + what);
      return;
    }
    throw new AssertionError("not found: " + what);
  }

  // The queues.

  /** {@link SubmissionQueue}: any thread offers, any thread polls. */
  public static final class Inbox {
    private final SubmissionQueue<Integer> queue = new SubmissionQueue<>();

    /** At the end. */
    @Operation
    public void offer(@Param(gen = IntGen.class, conf = "1:9") int element) {
      queue.offer(element);
    }

    /** From the front. */
    @Operation
    public Integer poll() {
      return queue.poll();
    }
  }

  /** What it should behave like. */
  public static final class Fifo {
    private final Deque<Integer> queue = new ArrayDeque<>();

    /** At the end. */
    public void offer(int element) {
      queue.add(element);
    }

    /** From the front. */
    public Integer poll() {
      return queue.poll();
    }
  }

  /** {@link WorkStealingDeque}: one thread at a time pushes and pops, any thread steals. */
  public static final class Forks {
    private final WorkStealingDeque<Integer> deque = new WorkStealingDeque<>();

    /** By the owner. */
    @Operation(nonParallelGroup = "owner")
    public void push(@Param(gen = IntGen.class, conf = "1:9") int element) {
      deque.push(element);
    }

    /** By the owner. */
    @Operation(nonParallelGroup = "owner")
    public Integer pop() {
      return deque.pop();
    }

    /** By anybody. */
    @Operation
    public Integer steal() {
      return deque.steal();
    }
  }

  /** What it should behave like. */
  public static final class FromBothEnds {
    private final Deque<Integer> deque = new ArrayDeque<>();

    /** The newest. */
    public void push(int element) {
      deque.addLast(element);
    }

    /** The newest. */
    public Integer pop() {
      return deque.pollLast();
    }

    /** The oldest. */
    public Integer steal() {
      return deque.pollFirst();
    }
  }

  /** A queue that looks and then takes. */
  public static final class Racy {
    private final Integer[] elements = new Integer[16];
    private volatile int first;
    private volatile int end;

    /** At the end. */
    @Operation
    @SuppressWarnings("NonAtomicVolatileUpdate") // that is what is to be found
    public void offer(@Param(gen = IntGen.class, conf = "1:9") int element) {
      elements[end] = element;
      end++;
    }

    /** From the front. */
    @Operation
    public Integer poll() {
      int place = first;
      if (place == end) {
        return null;
      }
      first = place + 1;
      return elements[place];
    }
  }

  // The executor.

  private static final ExecutorSettings ONE_WORKER = settings(1);
  private static final ExecutorSettings TWO_WORKERS = settings(2);

  private static ExecutorSettings settings(int workers) {
    return OpenedExecutor.settings("checked", workers, "spin-count = 0, virtual-threads = off");
  }

  private static void submitTwice() {
    FreeThreadedExecutor executor = new FreeThreadedExecutor(ONE_WORKER);
    equal(1, executor.submit(() -> 1).join());
    equal(2, executor.submit(() -> 2).join());
    executor.shutdown();
  }

  private static void submitFromTwoThreads() {
    FreeThreadedExecutor executor = new FreeThreadedExecutor(TWO_WORKERS);
    Thread other = new Thread(() -> equal(1, executor.submit(() -> 1).join()));
    other.start();
    equal(2, executor.submit(() -> 2).join());
    join(other);
    executor.shutdown();
  }

  private static void cancelAgainstRun() {
    FreeThreadedExecutor executor = new FreeThreadedExecutor(ONE_WORKER);
    TaskFuture<Integer> future = executor.submit(() -> 1);
    if (!future.cancel(true)) {
      equal(1, future.join());
    }
    if (!future.isDone()) {
      throw new AssertionError("Neither cancelled nor done.");
    }
    TaskFuture<Boolean> next = executor.submit(() -> Thread.currentThread().isInterrupted());
    if (next.join()) {
      throw new AssertionError("The interrupt has hit the next task.");
    }
    executor.shutdown();
  }

  private static void shutdownAgainstSubmit() {
    FreeThreadedExecutor executor = new FreeThreadedExecutor(ONE_WORKER);
    Thread other = new Thread(executor::shutdown);
    other.start();
    try {
      equal(1, executor.submit(() -> 1).join());
    } catch (RejectedExecutionException closed) {
      equal(0, (int) executor.stats().completed());
    }
    join(other);
  }

  private static void forkAndWait() {
    FreeThreadedExecutor executor = new FreeThreadedExecutor(TWO_WORKERS);
    equal(3, executor.submit(() -> 1 + executor.submit(() -> 2).join()).join());
    executor.shutdown();
  }

  private static void equal(int expected, int actual) {
    if (expected != actual) {
      throw new AssertionError(expected + " was expected, not " + actual);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Looks for work, and says only then that it sleeps: work that comes in between is not seen. */
  private static void sleepAfterALookOnly() {
    Sleeper sleeper = new Sleeper(Thread.currentThread());
    Thread waker = new Thread(sleeper::wake);
    waker.start();
    sleeper.sleepUnlessThereIsWork();
    join(waker);
  }

  private static final class Sleeper {
    private final Thread thread;
    private volatile boolean work;
    private volatile boolean asleep;

    Sleeper(Thread thread) {
      this.thread = thread;
    }

    void sleepUnlessThereIsWork() {
      if (!work) {
        asleep = true;
        while (asleep) {
          LockSupport.park(this);
        }
      }
    }

    void wake() {
      work = true;
      if (asleep) {
        asleep = false;
        LockSupport.unpark(thread);
      }
    }
  }
}
