// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class QueuesTest {
  private static final int ELEMENTS = 400_000;

  @Test
  void dequeGivesItsOwnerTheNewestAndAThiefTheOldest() {
    WorkStealingDeque<Integer> deque = new WorkStealingDeque<>();
    List<Integer> elements = IntStream.range(0, 1_000).boxed().toList();
    elements.forEach(deque::push);
    assertThat(deque.pop()).isEqualTo(999);
    assertThat(deque.steal()).isEqualTo(0);
    assertThat(deque.beginPop(elements.get(3))).isFalse();
    assertThat(deque.beginPop(elements.get(998))).isTrue();
    deque.endPop();
    assertThat(deque.pop()).isEqualTo(997);
    assertThat(deque.pushed()).isEqualTo(1_000);
    for (int i = 1; i < 997; i++) {
      assertThat(deque.isEmpty()).isFalse();
      assertThat(deque.steal()).isEqualTo(i);
    }
    assertThat(deque.isEmpty()).isTrue();
    assertThat(deque.pop()).isNull();
    assertThat(deque.steal()).isNull();
    assertThat(deque.beginPop(elements.get(998))).isFalse();
  }

  @Test
  void submissionQueueIsFirstInFirstOut() {
    SubmissionQueue<Integer> queue = new SubmissionQueue<>();
    assertThat(queue.isEmpty()).isTrue();
    int given = 0;
    int taken = 0;
    for (int round = 1; round < 200; round++) {
      for (int i = 0; i < round; i++) {
        queue.offer(given++);
      }
      for (int i = 0; i < round; i++) {
        assertThat(queue.isEmpty()).isFalse();
        assertThat(queue.poll()).isEqualTo(taken++);
      }
      assertThat(queue.poll()).isNull();
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  @Test
  void aConsumerTakesItsShareInOrder() {
    SubmissionQueue<Integer> queue = new SubmissionQueue<>();
    for (int i = 0; i < 30; i++) {
      queue.offer(i);
    }
    ClaimedRange<Integer> range = new ClaimedRange<>();
    assertThat(queue.claim(range, 8, 2)).isEqualTo(8);
    assertThat(all(range)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(queue.claim(range, 8, 11)).isEqualTo(2);
    assertThat(all(range)).containsExactly(8, 9);
  }

  @Test
  void aThiefGetsTheLaterHalfOfARange() {
    SubmissionQueue<Integer> queue = new SubmissionQueue<>();
    for (int i = 0; i < 7; i++) {
      queue.offer(i);
    }
    ClaimedRange<Integer> range = new ClaimedRange<>();
    ClaimedRange<Integer> stolen = new ClaimedRange<>();
    assertThat(queue.claim(range, 7, 1)).isEqualTo(7);
    assertThat(range.take()).isEqualTo(0);
    assertThat(range.giveHalf(stolen)).isTrue();
    assertThat(all(range)).containsExactly(1, 2, 3);
    assertThat(range.giveHalf(range)).isFalse();
    assertThat(all(stolen)).containsExactly(4, 5, 6);
    assertThat(stolen.isEmpty()).isTrue();
  }

  @Test
  void aClosedQueueKeepsWhatItHasAndTakesNoMore() {
    for (int given : new int[] {0, 5, 32, 33, 5_000}) {
      SubmissionQueue<Integer> queue = new SubmissionQueue<>();
      for (int i = 0; i < given; i++) {
        assertThat(queue.offer(i)).isTrue();
      }
      queue.close();
      queue.close();
      assertThat(queue.offer(-1)).isFalse();
      assertThat(queue.offered()).isEqualTo(given);
      for (int i = 0; i < given; i++) {
        assertThat(queue.poll()).isEqualTo(i);
      }
      assertThat(queue.poll()).isNull();
      assertThat(queue.isEmpty()).isTrue();
      assertThat(queue.offer(-1)).isFalse();
    }
  }

  private static List<Integer> all(ClaimedRange<Integer> range) {
    List<Integer> elements = new ArrayList<>();
    for (Integer element = range.take(); element != null; element = range.take()) {
      elements.add(element);
    }
    return elements;
  }

  @Test
  void everyElementOfADequeIsTakenOnce() throws Exception {
    for (int round = 0; round < 5; round++) {
      WorkStealingDeque<Integer> deque = new WorkStealingDeque<>();
      AtomicIntegerArray times = new AtomicIntegerArray(ELEMENTS);
      AtomicBoolean ended = new AtomicBoolean();
      List<Thread> thieves = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        thieves.add(started(() -> takeAll(deque::steal, times, ended)));
      }
      int next = 0;
      while (next < ELEMENTS) {
        int burst = 1 + next % 7; // sometimes deep, mostly one or two: where owner and thief meet
        for (int i = 0; i < burst && next < ELEMENTS; i++) {
          deque.push(next++);
        }
        for (int i = 0; i < burst - next % 2; i++) {
          count(deque.pop(), times);
        }
      }
      ended.set(true);
      for (Thread thief : thieves) {
        thief.join();
      }
      assertThat(deque.isEmpty()).isTrue();
      assertOnceEach(times);
    }
  }

  @Test
  void everyElementOfASubmissionQueueIsTakenOnceAndInOrderOfItsProducer() throws Exception {
    int producers = 3;
    for (int round = 0; round < 5; round++) {
      SubmissionQueue<Integer> queue = new SubmissionQueue<>();
      AtomicIntegerArray times = new AtomicIntegerArray(ELEMENTS);
      AtomicBoolean ended = new AtomicBoolean();
      AtomicBoolean inOrder = new AtomicBoolean(true);
      List<Thread> consumers = new ArrayList<>();
      for (int c = 0; c < 2; c++) {
        consumers.add(started(() -> takeBatches(queue, times, ended, producers, inOrder)));
        consumers.add(started(() -> takeAll(queue::poll, times, ended)));
      }
      List<Thread> offering = new ArrayList<>();
      for (int p = 0; p < producers; p++) {
        int first = p;
        offering.add(
            started(
                () -> {
                  for (int i = first; i < ELEMENTS; i += producers) {
                    queue.offer(i);
                  }
                }));
      }
      for (Thread thread : offering) {
        thread.join();
      }
      ended.set(true);
      for (Thread thread : consumers) {
        thread.join();
      }
      assertThat(queue.isEmpty()).isTrue();
      assertThat(inOrder).isTrue();
      assertOnceEach(times);
    }
  }

  private static void takeBatches(
      SubmissionQueue<Integer> queue,
      AtomicIntegerArray times,
      AtomicBoolean ended,
      int producers,
      AtomicBoolean inOrder) {
    ClaimedRange<Integer> range = new ClaimedRange<>();
    int[] last = new int[producers];
    Arrays.fill(last, -1);
    while (true) {
      boolean noMoreCome = ended.get();
      if (queue.claim(range, 16, 2) == 0 && noMoreCome) {
        return;
      }
      for (Integer element : all(range)) {
        if (element <= last[element % producers]) {
          inOrder.set(false);
        }
        last[element % producers] = element;
        count(element, times);
      }
    }
  }

  @Test
  void everyElementOfRangesIsTakenOnceByOwnersAndThieves() throws Exception {
    for (int round = 0; round < 5; round++) {
      SubmissionQueue<Integer> queue = new SubmissionQueue<>();
      AtomicIntegerArray times = new AtomicIntegerArray(ELEMENTS);
      AtomicBoolean ended = new AtomicBoolean();
      List<ClaimedRange<Integer>> ranges =
          List.of(new ClaimedRange<>(), new ClaimedRange<>(), new ClaimedRange<>());
      List<Thread> owners = new ArrayList<>();
      for (ClaimedRange<Integer> mine : ranges) {
        owners.add(started(() -> claimOrSteal(queue, mine, ranges, times, ended)));
      }
      for (int i = 0; i < ELEMENTS; i++) {
        assertThat(queue.offer(i)).isTrue();
      }
      queue.close();
      ended.set(true);
      for (Thread owner : owners) {
        owner.join();
      }
      assertThat(queue.offered()).isEqualTo(ELEMENTS);
      assertThat(queue.isEmpty()).isTrue();
      assertOnceEach(times);
    }
  }

  private static void claimOrSteal(
      SubmissionQueue<Integer> queue,
      ClaimedRange<Integer> mine,
      List<ClaimedRange<Integer>> all,
      AtomicIntegerArray times,
      AtomicBoolean ended) {
    while (true) {
      boolean noMoreCome = ended.get();
      boolean got = queue.claim(mine, 64, 3) > 0;
      for (ClaimedRange<Integer> other : all) {
        got = got || (other != mine && other.giveHalf(mine));
      }
      if (!got && noMoreCome) {
        return; // what others have still in their ranges, they take themselves
      }
      for (Integer element = mine.take(); element != null; element = mine.take()) {
        count(element, times);
      }
    }
  }

  private static void takeAll(
      Supplier<Integer> source, AtomicIntegerArray times, AtomicBoolean ended) {
    while (true) {
      boolean noMoreCome = ended.get();
      Integer element = source.get();
      if (element == null && noMoreCome) {
        return;
      }
      count(element, times);
    }
  }

  private static void count(Integer element, AtomicIntegerArray times) {
    if (element != null) {
      times.incrementAndGet(element);
    }
  }

  private static void assertOnceEach(AtomicIntegerArray times) {
    for (int i = 0; i < times.length(); i++) {
      if (times.get(i) != 1) {
        assertThat(times.get(i)).as("times that element %s was taken", i).isEqualTo(1);
      }
    }
  }

  private static Thread started(Runnable body) {
    Thread thread = new Thread(body);
    thread.start();
    return thread;
  }
}
