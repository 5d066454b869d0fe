// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.junit.jupiter.api.Test;

/** Sleeping, monitors, parking, and what is built on it. */
class WaitingTest extends BlockedTask {
  private final Object monitor = new Object();
  private boolean notified;

  @Test
  void sleep() throws Exception {
    isInterrupted(() -> Thread.sleep(HOUR_MS), InterruptedException.class);
  }

  @FunctionalInterface
  private interface Waiting {
    void await(long ms) throws InterruptedException;
  }

  @Test
  void sleepByAMethodReference() throws Exception {
    Waiting sleep = Thread::sleep;
    isInterrupted(() -> sleep.await(HOUR_MS), InterruptedException.class);
  }

  @Test
  void waitByAMethodReference() throws Exception {
    Waiting wait = monitor::wait;
    isReleased(
        () -> {
          synchronized (monitor) {
            wait.await(HOUR_MS);
          }
        },
        this::notifyMonitor);
  }

  @Test
  void sleepWithNanoseconds() throws Exception {
    isInterrupted(() -> Thread.sleep(HOUR_MS, 1), InterruptedException.class);
  }

  @Test
  void sleepOfATimeUnit() throws Exception {
    isInterrupted(() -> TimeUnit.HOURS.sleep(1), InterruptedException.class);
  }

  @Test
  void waitOnAMonitor() throws Exception {
    isReleased(() -> waitForNotify(0), this::notifyMonitor);
  }

  @Test
  void waitOnAMonitorWithATimeOut() throws Exception {
    isReleased(() -> waitForNotify(HOUR_MS), this::notifyMonitor);
  }

  @Test
  void waitOnAMonitorIsInterrupted() throws Exception {
    isInterrupted(() -> waitForNotify(0), InterruptedException.class);
  }

  @Test
  void timedWaitOfATimeUnit() throws Exception {
    isInterrupted(
        () -> {
          synchronized (monitor) {
            TimeUnit.HOURS.timedWait(monitor, 1);
          }
        },
        InterruptedException.class);
  }

  private void waitForNotify(long limitMs) throws InterruptedException {
    synchronized (monitor) {
      while (!notified) {
        if (limitMs == 0) {
          monitor.wait();
        } else {
          monitor.wait(limitMs);
        }
      }
    }
  }

  private void notifyMonitor() {
    synchronized (monitor) {
      notified = true;
      monitor.notifyAll();
    }
  }

  /** Each side blocks until the other has run, a hundred times; each wants the other's monitor. */
  @Test
  void notifyHandsOver() throws Exception {
    switchEvery(Duration.ofMillis(1));
    int[] turn = {1};
    isReleased(() -> takeTurns(turn, 0), () -> takeTurns(turn, 1));
  }

  private void takeTurns(int[] turn, int mine) throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      synchronized (monitor) {
        while (turn[0] != mine) {
          monitor.wait();
        }
        turn[0] = 1 - mine;
        monitor.notifyAll();
      }
    }
  }

  @Test
  void join() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread joined = started(end::await);
    isReleased(joined::join, end::countDown);
  }

  @Test
  void joinWithATimeOut() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread joined = started(end::await);
    isReleased(() -> joined.join(HOUR_MS), end::countDown);
  }

  @Test
  void joinIsInterrupted() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    Thread joined = started(end::await);
    isInterrupted(joined::join, InterruptedException.class);
    end.countDown();
    joined.join();
  }

  private static Thread started(Code code) {
    Thread thread =
        new Thread(
            () -> {
              try {
                code.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            },
            "waiting-test");
    thread.start();
    return thread;
  }

  @Test
  void park() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    isReleased(
        () -> {
          while (!done.get()) {
            LockSupport.park();
          }
        },
        () -> {
          done.set(true);
          LockSupport.unpark(blockedThread());
        });
  }

  @Test
  void parkWithALimit() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    isReleased(
        () -> {
          while (!done.get()) {
            LockSupport.parkNanos(this, TimeUnit.HOURS.toNanos(1));
          }
        },
        () -> {
          done.set(true);
          LockSupport.unpark(blockedThread());
        });
  }

  @Test
  void takeFromAQueue() throws Exception {
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    isReleased(queue::take, () -> queue.add("item"));
  }

  @Test
  void pollOfAQueue() throws Exception {
    BlockingQueue<String> queue = new SynchronousQueue<>();
    isReleased(() -> queue.poll(1, TimeUnit.HOURS), () -> queue.put("item"));
  }

  @Test
  void putIntoAFullQueue() throws Exception {
    BlockingQueue<String> queue = new ArrayBlockingQueue<>(1);
    queue.put("first");
    isReleased(() -> queue.put("second"), queue::take);
  }

  @Test
  void takeIsInterrupted() throws Exception {
    isInterrupted(new LinkedBlockingQueue<>()::take, InterruptedException.class);
  }

  @Test
  void getOfAFuture() throws Exception {
    FutureTask<String> future = new FutureTask<>(() -> "result");
    isReleased(future::get, future::run);
  }

  @Test
  void getOfAFutureThatFails() throws Exception {
    Callable<String> failing =
        () -> {
          throw new IllegalStateException("meant to fail");
        };
    FutureTask<String> future = new FutureTask<>(failing);
    isEnded(future::get, future::run, ExecutionException.class);
  }

  @Test
  void joinOfACompletableFuture() throws Exception {
    CompletableFuture<String> future = new CompletableFuture<>();
    isReleased(future::join, () -> future.complete("result"));
  }

  @Test
  void joinOfACompletableFutureThatFails() throws Exception {
    CompletableFuture<String> future = new CompletableFuture<>();
    isEnded(
        future::join,
        () -> future.completeExceptionally(new IllegalStateException("meant to fail")),
        CompletionException.class);
  }

  @Test
  void joinOfAForkJoinTask() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    ForkJoinPool pool = new ForkJoinPool(1);
    ForkJoinTask<?> task =
        pool.submit(
            () -> {
              end.await();
              return "result";
            });
    isReleased(task::join, end::countDown);
    pool.shutdown();
  }

  @Test
  void countDownLatch() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    isReleased(latch::await, latch::countDown);
  }

  @Test
  void countDownLatchIsInterrupted() throws Exception {
    isInterrupted(new CountDownLatch(1)::await, InterruptedException.class);
  }

  @Test
  void cyclicBarrier() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    isReleased(barrier::await, barrier::await);
  }

  @Test
  void brokenCyclicBarrier() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(2);
    isEnded(barrier::await, barrier::reset, BrokenBarrierException.class);
  }

  @Test
  void phaser() throws Exception {
    Phaser phaser = new Phaser(2);
    isReleased(phaser::arriveAndAwaitAdvance, phaser::arrive);
  }

  @Test
  void exchanger() throws Exception {
    Exchanger<String> exchanger = new Exchanger<>();
    isReleased(() -> exchanger.exchange("one"), () -> exchanger.exchange("other"));
  }

  @Test
  void semaphore() throws Exception {
    Semaphore semaphore = new Semaphore(0);
    isReleased(semaphore::acquire, semaphore::release);
  }

  @Test
  void semaphoreThatIsNotInterruptible() throws Exception {
    Semaphore semaphore = new Semaphore(0);
    isReleased(semaphore::acquireUninterruptibly, semaphore::release);
  }

  @Test
  void reentrantLock() throws Exception {
    contended(new ReentrantLock());
  }

  @Test
  void fairReentrantLock() throws Exception {
    contended(new ReentrantLock(true));
  }

  @Test
  void readWriteLock() throws Exception {
    contended(new ReentrantReadWriteLock().writeLock());
  }

  @Test
  void stampedLock() throws Exception {
    contended(new StampedLock().asWriteLock());
  }

  private void contended(Lock lock) throws Exception {
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch unlock = new CountDownLatch(1);
    Thread owner =
        started(
            () -> {
              lock.lock();
              try {
                locked.countDown();
                unlock.await();
              } finally {
                lock.unlock();
              }
            });
    locked.await();
    isReleased(
        () -> {
          lock.lock();
          try {
            notified = true;
          } finally {
            lock.unlock();
          }
        },
        unlock::countDown);
    owner.join();
  }

  @Test
  void lockIsInterrupted() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    try {
      isInterrupted(lock::lockInterruptibly, InterruptedException.class);
    } finally {
      lock.unlock();
    }
  }

  @Test
  void condition() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    Condition condition = lock.newCondition();
    isReleased(
        () -> {
          lock.lock();
          try {
            while (!notified) {
              condition.await();
            }
          } finally {
            lock.unlock();
          }
        },
        () -> {
          lock.lock();
          try {
            notified = true;
            condition.signalAll();
          } finally {
            lock.unlock();
          }
        });
  }

  @Test
  void conditionIsInterrupted() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    Condition condition = lock.newCondition();
    isInterrupted(
        () -> {
          lock.lock();
          try {
            while (!notified) {
              condition.await();
            }
          } finally {
            lock.unlock();
          }
        },
        InterruptedException.class);
  }

  @Test
  void referenceQueue() throws Exception {
    ReferenceQueue<Object> queue = new ReferenceQueue<>();
    WeakReference<Object> reference = new WeakReference<>(monitor, queue);
    isReleased(queue::remove, reference::enqueue);
  }
}
