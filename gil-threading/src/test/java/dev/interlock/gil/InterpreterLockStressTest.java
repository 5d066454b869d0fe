// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;

/** Random acquires, releases, yields, parks and interrupts; every one of them must be counted. */
class InterpreterLockStressTest {
  private static final int STEPS = 4_000;
  private static final long[] INTERVALS_NS = {0, 1, 500, 20_000, 100_000, 5_000_000};

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicBoolean done = new AtomicBoolean();
  private final PlainLock lock = new PlainLock(0);

  // Guarded by the lock under test; a second holder would break them.
  private Thread inside;
  private long counted;

  @RepeatedTest(4)
  @Timeout(60)
  void neverTwoHoldersNeverALostWakeUp() throws InterruptedException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    int contenders = 2 + random.nextInt(7);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < contenders; i++) {
      SplittableRandom own = random.split();
      threads.add(start(() -> contend(own)));
    }
    Thread disturber = start(() -> disturb(threads, random));
    for (Thread thread : threads) {
      thread.join();
    }
    done.set(true);
    disturber.join();
    assertThat(failure.get()).as("seed %d, %d threads", seed, contenders).isNull();
    assertThat(counted).isEqualTo((long) contenders * STEPS);
    lock.acquire();
    lock.release();
  }

  private void contend(SplittableRandom random) {
    for (int i = 0; i < STEPS; i++) {
      lock.acquire();
      enter();
      counted++;
      for (int yields = random.nextInt(4); yields > 0; yields--) {
        leave();
        lock.yieldIfAsked();
        enter();
      }
      if (random.nextInt(8) == 0) {
        LockSupport.unpark(Thread.currentThread());
        leave();
        lock.release();
        lock.acquire();
        enter();
        LockSupport.park(); // hangs if the permit is lost
      }
      leave();
      lock.release();
      if (random.nextInt(64) == 0) {
        LockSupport.parkNanos(1 + random.nextInt(200_000));
      }
      Thread.interrupted();
    }
  }

  private void enter() {
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

  private void disturb(List<Thread> threads, SplittableRandom random) {
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
