// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A holder that wakes up at the very moment at which the lock is taken over from it. */
@Timeout(120)
class TakeOverRaceTest {
  private static final int ROUNDS = 6_000 * Integer.getInteger("stress.times", 1);

  private final PlainLock lock =
      new PlainLock(new LockSettings(SwitchPolicy.SWITCH_INTERVAL, 0, 100, TakeOverRule.WAITING));
  private volatile Thread inside;
  private volatile boolean broken;
  private volatile boolean done;

  @Test
  void aCheckMakesATakeOverFailThatHasLookedBefore() {
    lock.acquireBack();
    Hold seen = lock.lock().holder();
    seen.suspect(System.nanoTime());
    lock.check();
    assertThat(lock.isHeldByCurrentThread()).isTrue();
    assertThat(lock.lock().replace(seen, new Hold(new Thread()))).isFalse();
    assertThat(lock.lock().holder().isSuspected()).isFalse();
    lock.release();
  }

  @Test
  void aHoldIsUsedAgainUnlessItHasBeenSuspected() {
    lock.acquireBack();
    Hold first = lock.lock().holder();
    lock.release();
    lock.acquire();
    assertThat(lock.lock().holder()).isSameAs(first);
    assertThat(first.isExposed()).isFalse();
    first.suspect(System.nanoTime());
    lock.release();
    lock.acquireBack();
    assertThat(lock.lock().holder()).isNotSameAs(first);
    lock.release();
  }

  @Test
  void whoWakesUpIsEitherRobbedOrKeepsTheLockButNeverBoth() throws InterruptedException {
    Thread sleeper = new Thread(this::sleepAndRun);
    Thread robber = new Thread(this::acquireAndRun);
    sleeper.start();
    robber.start();
    sleeper.join();
    done = true;
    robber.join();
    assertThat(broken).isFalse();
    assertThat(lock.statistics().takeOvers()).isPositive();
    assertThat(lock.statistics().takeOvers()).isLessThan(ROUNDS);
    assertThat(EvalBreaker.value()).isZero();
  }

  /** Sleeps with the lock for about as long as it takes until somebody takes it over. */
  private void sleepAndRun() {
    SplittableRandom random = new SplittableRandom();
    for (int i = 0; i < ROUNDS; i++) {
      lock.acquireBack();
      LockSupport.parkNanos(20_000 + random.nextInt(150_000));
      lock.check();
      exclusive();
      lock.release();
    }
  }

  private void acquireAndRun() {
    while (!done) {
      lock.acquire();
      exclusive();
      lock.release();
      LockSupport.parkNanos(1);
    }
  }

  private void exclusive() {
    Thread me = Thread.currentThread();
    inside = me;
    for (int i = 0; i < 500; i++) {
      if (inside != me) {
        broken = true;
      }
    }
  }
}
