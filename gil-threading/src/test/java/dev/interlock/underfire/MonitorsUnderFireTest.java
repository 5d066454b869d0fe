// SPDX-License-Identifier: Apache-2.0
package dev.interlock.underfire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whoever waits for the interpreter lock may hold any other, and nobody waits for ever. */
@Tag("instrumented")
@Timeout(120)
class MonitorsUnderFireTest {
  private static final int TASKS = 8;

  private final Object monitor = new Object();
  private Arena arena;
  private int turn;

  @BeforeEach
  void open() {
    arena = new Arena(TASKS, Duration.ofNanos(1));
  }

  @AfterEach
  void close() {
    arena.close();
  }

  @Test
  void monitorsAreHeldAcrossSwitches() throws Exception {
    arena.run(
        TASKS,
        50 * 21,
        () -> {
          for (int i = 0; i < 50; i++) {
            synchronized (monitor) {
              for (int step = 0; step < 20; step++) {
                arena.update();
              }
            }
            arena.update();
          }
        });
  }

  @Test
  void monitorsAreHeldAcrossSwitchesAtFiveMilliseconds() throws Exception {
    arena.gil.setSwitchInterval(Duration.ofMillis(5));
    arena.run(
        TASKS,
        2_000_000,
        () -> {
          for (int i = 0; i < 20; i++) {
            synchronized (monitor) {
              for (int step = 0; step < 100_000; step++) {
                arena.update();
              }
            }
          }
        });
  }

  @Test
  void monitorsNest() throws Exception {
    Object inner = new Object();
    arena.run(
        TASKS,
        100 * 10,
        () -> {
          for (int i = 0; i < 100; i++) {
            synchronized (monitor) {
              synchronized (inner) {
                for (int step = 0; step < 10; step++) {
                  arena.update();
                }
              }
            }
          }
        });
  }

  @Test
  void synchronizedMethodsAreMonitorsToo() throws Exception {
    arena.run(
        TASKS,
        100 * 10,
        () -> {
          for (int i = 0; i < 100; i++) {
            updateTenTimes();
          }
        });
  }

  private synchronized void updateTenTimes() {
    for (int step = 0; step < 10; step++) {
      arena.update();
    }
  }

  @Test
  void tasksSleepInsideMonitors() throws Exception {
    arena.run(
        TASKS,
        10,
        () -> {
          for (int i = 0; i < 5; i++) {
            synchronized (monitor) {
              arena.update();
              Thread.sleep(1);
              arena.update();
            }
          }
        });
  }

  @Test
  void waitAndNotifyTakeTurns() throws Exception {
    int rounds = 100;
    AtomicInteger numbers = new AtomicInteger();
    arena.run(
        2,
        rounds,
        () -> {
          int mine = numbers.getAndIncrement();
          for (int i = 0; i < rounds; i++) {
            synchronized (monitor) {
              while (turn != mine) {
                monitor.wait();
              }
              arena.update();
              turn = 1 - mine;
              monitor.notifyAll();
            }
          }
        });
  }

  @Test
  void conditionsTakeTurns() throws Exception {
    int rounds = 100;
    ReentrantLock lock = new ReentrantLock();
    Condition changed = lock.newCondition();
    AtomicInteger numbers = new AtomicInteger();
    arena.run(
        2,
        rounds,
        () -> {
          int mine = numbers.getAndIncrement();
          for (int i = 0; i < rounds; i++) {
            lock.lock();
            try {
              while (turn != mine) {
                changed.await();
              }
              arena.update();
              turn = 1 - mine;
              changed.signalAll();
            } finally {
              lock.unlock();
            }
          }
        });
  }

  @Test
  void locksAreHeldAcrossSwitches() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    arena.run(
        TASKS,
        50 * 20,
        () -> {
          for (int i = 0; i < 50; i++) {
            lock.lock();
            try {
              for (int step = 0; step < 20; step++) {
                arena.update();
              }
            } finally {
              lock.unlock();
            }
          }
        });
  }

  @Test
  @SuppressWarnings("JdkObsolete") // it holds a monitor while it computes
  void theJdkHoldsAMonitorAcrossACallback() throws Exception {
    Map<Integer, Integer> table = new Hashtable<>();
    AtomicInteger computed = new AtomicInteger();
    arena.run(
        TASKS,
        50,
        () -> {
          for (int key = 0; key < 50; key++) {
            table.computeIfAbsent(key, k -> slowly(k, computed));
            arena.update();
          }
        });
    assertThat(computed).hasValue(50);
  }

  @Test
  void aConcurrentMapComputesOnce() throws Exception {
    Map<Integer, Integer> table = new ConcurrentHashMap<>();
    AtomicInteger computed = new AtomicInteger();
    arena.run(
        TASKS,
        50,
        () -> {
          for (int key = 0; key < 50; key++) {
            table.computeIfAbsent(key, k -> slowly(k, computed));
            arena.update();
          }
        });
    assertThat(computed).hasValue(50);
  }

  /** With switches inside, and now and then a blocking call. */
  private static int slowly(int key, AtomicInteger computed) {
    int sum = 0;
    for (int i = 0; i < 200; i++) {
      sum += i ^ key;
    }
    if (key % 10 == 0) {
      try {
        Thread.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    computed.incrementAndGet();
    return sum;
  }

  @Test
  void aStreamIsSharedWhichBlocksUnderItsMonitor() throws Exception {
    List<Byte> written = new ArrayList<>();
    OutputStream slow =
        new OutputStream() {
          @Override
          public void write(int octet) {
            for (int i = 0; i < 5; i++) {
              written.add((byte) octet);
            }
          }
        };
    try (PrintStream out = new PrintStream(slow, true, StandardCharsets.UTF_8)) {
      arena.run(
          TASKS,
          20,
          () -> {
            for (int i = 0; i < 20; i++) {
              out.println("x");
              arena.update();
            }
          });
    }
    assertThat(written).hasSize(TASKS * 20 * 2 * 5);
  }
}
