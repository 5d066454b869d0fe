// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random acquires, releases, checks, parks, interrupts, monitors and locks, so that threads rob
 * each other all the time; every step must be counted. {@code -Dstress.times=100} runs it a hundred
 * times as long.
 */
class InterpreterLockStressTest {
  private static final int STEPS = 1_500 * Integer.getInteger("stress.times", 1);
  private static final long[] INTERVALS_NS = {0, 1, 500, 20_000, 100_000, 5_000_000};

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean done = new AtomicBoolean();
  private final Object monitor = new Object();
  private final ReentrantLock mutex = new ReentrantLock();

  // Guarded by the lock under test; a second holder would break them.
  private Thread inside;
  private long counted;

  @ParameterizedTest
  @EnumSource(SwitchPolicy.class)
  @Timeout(600)
  void neverTwoHoldersNeverALostWakeUp(SwitchPolicy policy) throws InterruptedException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    PlainLock lock = new PlainLock(new LockSettings(policy, 0, 5, TakeOverRule.WAITING));
    int contenders = 2 + random.nextInt(7);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < contenders; i++) {
      SplittableRandom own = random.split();
      threads.add(start(() -> contend(lock, own)));
    }
    Thread disturber = start(() -> disturb(lock, threads, random));
    for (Thread thread : threads) {
      thread.join();
    }
    done.set(true);
    disturber.join();
    assertThat(failure.get()).as("seed %d, %d threads", seed, contenders).isNull();
    assertThat(counted).isEqualTo((long) contenders * STEPS);
    assertThat(EvalBreaker.value()).isZero();
    lock.acquire();
    lock.release();
  }

  private void contend(PlainLock lock, SplittableRandom random) {
    for (int i = 0; i < STEPS; i++) {
      acquire(lock, random);
      enter(lock);
      counted++;
      for (int yields = random.nextInt(4); yields > 0; yields--) {
        leave();
        check(lock);
        enter(lock);
      }
      leave();
      switch (random.nextInt(8)) {
        case 0 -> parkOutside(lock, random);
        case 1 -> inMonitor(lock, random.nextBoolean());
        case 2 -> inMutex(lock, random.nextBoolean());
        default -> {}
      }
      lock.release();
      if (random.nextInt(64) == 0) {
        LockSupport.parkNanos(1 + random.nextInt(200_000));
      }
      Thread.interrupted();
    }
  }

  private static void acquire(PlainLock lock, SplittableRandom random) {
    if (random.nextBoolean()) {
      lock.acquireBack();
    } else {
      lock.acquire();
      lock.expose();
    }
  }

  private static void check(PlainLock lock) {
    lock.check();
    lock.count(1);
  }

  private void parkOutside(PlainLock lock, SplittableRandom random) {
    LockSupport.unpark(Thread.currentThread());
    lock.release();
    acquire(lock, random);
    enter(lock);
    leave();
    LockSupport.park(); // hangs if the permit is lost
    lock.check();
  }

  /** As instrumented code has it: a check behind the entry, and one somewhere inside. */
  private void inMonitor(PlainLock lock, boolean blocks) {
    synchronized (monitor) {
      check(lock);
      enter(lock);
      leave();
      if (blocks) {
        lock.release();
        LockSupport.parkNanos(50_000);
        lock.acquireBack();
      }
      check(lock);
      enter(lock);
      leave();
    }
  }

  private void inMutex(PlainLock lock, boolean blocks) {
    mutex.lock();
    try {
      check(lock);
      enter(lock);
      leave();
      if (blocks) {
        LockSupport.parkNanos(150_000); // holds the lock: may be robbed
        check(lock);
      }
      enter(lock);
      leave();
    } finally {
      mutex.unlock();
    }
  }

  private void enter(PlainLock lock) {
    if (inside != null || !lock.isHeldByCurrentThread()) {
      throw new AssertionError(Thread.currentThread() + " and " + inside + " both hold the lock");
    }
    inside = Thread.currentThread();
  }

  private void leave() {
    if (inside != Thread.currentThread()) {
      throw new AssertionError(inside + " came in beside " + Thread.currentThread());
    }
    inside = null;
  }

  private void disturb(PlainLock lock, List<Thread> threads, SplittableRandom random) {
    while (!done.get()) {
      lock.setSwitchIntervalNs(INTERVALS_NS[random.nextInt(INTERVALS_NS.length)]);
      Thread victim = threads.get(random.nextInt(threads.size()));
      if (random.nextBoolean()) {
        victim.interrupt();
      } else {
        LockSupport.unpark(victim);
      }
      LockSupport.parkNanos(50_000);
    }
  }

  private Thread start(Runnable body) {
    Thread thread = new Thread(body);
    thread.setUncaughtExceptionHandler((t, e) -> failure.compareAndSet(null, e));
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
