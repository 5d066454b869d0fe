// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.QueueEmptyException;
import dev.interlock.subinterpreter.QueueFullException;
import dev.interlock.subinterpreter.QueueNotFoundException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several producers and consumers: nothing is lost and nothing comes twice. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueueTrafficTest {
  private static final int PRODUCERS = 3;
  private static final int CONSUMERS = 3;
  private static final int EACH = 4_000;

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicIntegerArray seen = new AtomicIntegerArray(PRODUCERS * EACH);
  private final AtomicInteger received = new AtomicInteger();
  private final AtomicInteger interrupts = new AtomicInteger();

  private FutureTask<Void> start(Callable<Void> body) {
    FutureTask<Void> task = new FutureTask<>(body);
    Thread thread = new Thread(task, "queue-traffic-" + threads.size());
    threads.add(thread);
    thread.start();
    return task;
  }

  /** Small ones, large ones, by reference and by the codec. */
  private static Object item(int number) {
    return switch (number % 50) {
      case 1 -> ByteBuffer.allocate(5_000).putInt(0, number).array();
      case 2 -> ByteBuffer.allocateDirect(4).putInt(0, number);
      case 3 -> new int[] {number};
      case 4 -> List.of(number, "x");
      default -> number;
    };
  }

  private static int number(Object item) {
    if (item instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes).getInt(0);
    } else if (item instanceof ByteBuffer buffer) {
      return buffer.getInt(0);
    } else if (item instanceof int[] ints) {
      return ints[0];
    } else if (item instanceof List<?> list) {
      return (Integer) list.get(0);
    }
    return (Integer) item;
  }

  private Void produce(InterpreterQueue queue, int producer) {
    int next = 0;
    while (next < EACH) {
      Object item = item(producer * EACH + next);
      try {
        switch (ThreadLocalRandom.current().nextInt(3)) {
          case 0 -> queue.put(item);
          case 1 -> queue.put(item, Duration.ofMillis(1));
          default -> queue.putNow(item);
        }
        next++;
      } catch (InterruptedException e) {
        interrupts.incrementAndGet();
      } catch (QueueFullException e) {
        Thread.onSpinWait();
      }
    }
    return null;
  }

  private Void consume(InterpreterQueue queue) {
    while (received.get() < PRODUCERS * EACH) {
      try {
        Object item =
            switch (ThreadLocalRandom.current().nextInt(3)) {
              case 0 -> queue.get(Duration.ofMillis(50));
              case 1 -> queue.get(Duration.ofMillis(1));
              default -> queue.getNow();
            };
        seen.incrementAndGet(number(item));
        received.incrementAndGet();
      } catch (InterruptedException e) {
        interrupts.incrementAndGet();
      } catch (QueueEmptyException e) {
        Thread.onSpinWait();
      }
    }
    return null;
  }

  @RepeatedTest(20)
  void interruptsAndTimeoutsInTheMiddleLoseNothing() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue(64)) {
      List<FutureTask<Void>> parties = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        int producer = i;
        parties.add(start(() -> produce(queue, producer)));
      }
      for (int i = 0; i < CONSUMERS; i++) {
        parties.add(start(() -> consume(queue)));
      }
      List<Thread> targets = List.copyOf(threads);
      FutureTask<Void> rain =
          start(
              () -> {
                while (targets.stream().anyMatch(Thread::isAlive)) {
                  targets.get(ThreadLocalRandom.current().nextInt(targets.size())).interrupt();
                  LockSupport.parkNanos(200_000);
                }
                return null;
              });
      Waiting.getAll(parties);
      Waiting.get(rain);
      for (int i = 0; i < seen.length(); i++) {
        assertThat(seen.get(i)).as("item %s", i).isEqualTo(1);
      }
      assertThat(queue.size()).isZero();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @RepeatedTest(20)
  void closeInTheMiddleEndsEverybodyAndDoublesNothing() throws Exception {
    InterpreterQueue queue = Interpreters.createQueue(16);
    AtomicInteger put = new AtomicInteger();
    List<FutureTask<Void>> parties = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      parties.add(
          start(
              () -> {
                while (true) {
                  int number = put.getAndIncrement();
                  queue.put(item(number));
                }
              }));
      parties.add(
          start(
              () -> {
                while (true) {
                  int number = number(queue.get());
                  if (number < seen.length()) {
                    seen.incrementAndGet(number);
                  }
                  received.incrementAndGet();
                }
              }));
    }
    Waiting.await().until(() -> received.get() > 500);
    queue.close();
    for (FutureTask<Void> party : parties) {
      assertThat(Waiting.failureOf(party)).isInstanceOf(QueueNotFoundException.class);
    }
    for (int i = 0; i < seen.length(); i++) {
      assertThat(seen.get(i)).isLessThanOrEqualTo(1);
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
