// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.NotShareableException;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.QueueKit.Handle;
import dev.interlock.contract.QueueKit.Unbound;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** I4 to I6: queues between interpreters. */
interface QueueContract extends Subject {

  /** A record; each interpreter has a class of its own of it. */
  record Pair(int number, String text, List<Object> more) {}

  /** The strategy's queues; null if it has none. */
  default QueueKit queues() {
    return null;
  }

  /** Skips the test where the strategy has no queues. */
  private QueueKit needsQueues() {
    QueueKit kit = queues();
    assumeTrue(kit != null, "lacks INTERPRETERS");
    return kit;
  }

  private static long millis(long startNs) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
  }

  @Test
  default void required_I4_itemsComeInOrderAndHandlesAreArguments() throws Exception {
    try (Handle in = needsQueues().create(0, Unbound.KEEP);
        Handle out = queues().create(0, Unbound.KEEP)) {
      TaskFuture<Integer> task =
          executor()
              .submit(
                  () -> {
                    int sum = 0;
                    for (int i = 0; i < 100; i++) {
                      int number = (Integer) in.get();
                      out.put(number * 2);
                      sum += number;
                    }
                    return sum;
                  });
      for (int i = 0; i < 100; i++) {
        in.put(i);
      }
      assertThat(Waiting.get(task)).isEqualTo(4_950);
      for (int i = 0; i < 100; i++) {
        assertThat(out.get()).isEqualTo(i * 2);
      }
      assertThat(in.isEmpty()).isTrue();
      assertThat(out.size()).isZero();
    }
  }

  @Test
  default void required_I4_aFullAndAnEmptyQueueSaySoAtOnce() throws Exception {
    QueueKit kit = needsQueues();
    try (Handle queue = kit.create(2, Unbound.KEEP)) {
      queue.putNow(1);
      queue.put(2, Duration.ofSeconds(1));
      assertThat(queue.isFull()).isTrue();
      assertThat(queue.size()).isEqualTo(2);
      assertThatThrownBy(() -> queue.putNow(3)).isInstanceOf(kit.full());
      assertThat(queue.getNow()).isEqualTo(1);
      assertThat(queue.isFull()).isFalse();
      assertThat(queue.get()).isEqualTo(2);
      assertThatThrownBy(queue::getNow).isInstanceOf(kit.empty());
    }
    try (Handle unbounded = kit.create(-1, Unbound.KEEP)) {
      for (int i = 0; i < 10_000; i++) {
        unbounded.putNow(i);
      }
      assertThat(unbounded.isFull()).isFalse();
    }
  }

  @Test
  default void required_I4_timeoutsAreHonest() throws Exception {
    QueueKit kit = needsQueues();
    try (Handle queue = kit.create(1, Unbound.KEEP)) {
      long startNs = System.nanoTime();
      assertThatThrownBy(() -> queue.get(Duration.ofMillis(900))).isInstanceOf(kit.empty());
      assertThat(millis(startNs)).isBetween(900L, 900 + Waiting.limit().toMillis());
      queue.put(1);
      startNs = System.nanoTime();
      assertThatThrownBy(() -> queue.put(2, Duration.ofMillis(900))).isInstanceOf(kit.full());
      assertThat(millis(startNs)).isBetween(900L, 900 + Waiting.limit().toMillis());
    }
  }

  @Test
  default void required_I4_queuesAreFoundByTheirIdUntilTheyAreClosed() throws Exception {
    QueueKit kit = needsQueues();
    Handle queue = kit.create(0, Unbound.KEEP);
    long id = queue.id();
    kit.lookup(id).put("found");
    assertThat(queue.get()).isEqualTo("found");
    queue.close();
    assertThatThrownBy(() -> kit.lookup(id)).isInstanceOf(kit.notFound());
    assertThatThrownBy(() -> queue.put(1)).isInstanceOf(kit.notFound());
    assertThatThrownBy(queue::getNow).isInstanceOf(kit.notFound());
    assertThatThrownBy(queue::get).isInstanceOf(kit.notFound());
  }

  @Test
  default void required_I4_closingWakesTasksThatWait() throws Exception {
    QueueKit kit = needsQueues();
    Handle queue = kit.create(0, Unbound.KEEP);
    Trace started = trace();
    TaskFuture<Object> task =
        executor()
            .submit(
                () -> {
                  started.mark("waits");
                  return queue.get();
                });
    Waiting.await().until(() -> !started.lines().isEmpty());
    queue.close();
    assertThat(Waiting.failureOf(task)).isInstanceOf(kit.notFound());
  }

  @Test
  default void required_I5_shareablesAreSharedDeeply() throws Exception {
    QueueKit kit = needsQueues();
    try (Handle queue = kit.create(0, Unbound.KEEP)) {
      byte[] bytes = {1, 2, 3};
      ByteBuffer memory = ByteBuffer.allocateDirect(8);
      List<Object> items =
          List.of(
              true, (byte) 1, (short) 2, 'c', 3, 4L, 5f, 6.0, "text", List.of(1, List.of("two")));
      for (Object item : items) {
        assertThat(kit.isShareable(item)).as("%s", item).isTrue();
        queue.put(item);
      }
      queue.put(null);
      queue.put(bytes);
      queue.put(new Pair(1, "one", List.of(memory, bytes)));
      bytes[0] = 9;
      memory.putInt(0, 42);
      TaskFuture<List<Object>> task =
          executor()
              .submit(
                  () -> {
                    List<Object> got = new ArrayList<>();
                    for (int i = 0; i < 12; i++) {
                      got.add(queue.get());
                    }
                    Pair pair = (Pair) queue.get();
                    ByteBuffer shared = (ByteBuffer) pair.more().get(0);
                    got.add(((byte[]) pair.more().get(1))[0]);
                    got.add(shared.getInt(0));
                    shared.putInt(4, 43);
                    return got;
                  });
      List<Object> got = Waiting.get(task);
      assertThat(got.subList(0, 10)).isEqualTo(items);
      assertThat(got.get(10)).isNull();
      assertThat((byte[]) got.get(11)).as("copied when put").containsExactly(1, 2, 3);
      assertThat(got.get(12)).isEqualTo((byte) 1);
      assertThat(got.get(13)).as("memory is shared").isEqualTo(42);
      assertThat(memory.getInt(4)).isEqualTo(43);
    }
  }

  @Test
  default void required_I5_everythingElseCrossesAsACopyOrIsRefused() throws Exception {
    QueueKit kit = needsQueues();
    try (Handle queue = kit.create(0, Unbound.KEEP);
        Socket socket = new Socket()) {
      List<Object> mutable = new ArrayList<>(List.of(1, 2));
      assertThat(kit.isShareable(mutable)).isFalse();
      assertThat(kit.isShareable(new Pair(1, "one", List.of(mutable)))).isFalse();
      assertThat(kit.isShareable(new Pair(1, "one", List.of("two")))).isTrue();
      queue.put(mutable);
      queue.put(Map.of("pair", new Pair(2, "two", mutable)));
      mutable.add(3);
      assertThat(queue.get()).isEqualTo(List.of(1, 2));
      String described =
          Waiting.get(
              executor()
                  .submit(
                      () -> {
                        Pair pair = (Pair) ((Map<?, ?>) queue.get()).get("pair");
                        return pair.number() + pair.text() + pair.more();
                      }));
      assertThat(described).isEqualTo("2two[1, 2]");
      assertThatThrownBy(() -> queue.put(List.of(1, new Pair(3, "three", List.of(socket)))))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("java.net.Socket");
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  /**
   * Two items that a task puts whose interpreter has ended by now; the application's own behind.
   */
  private Handle withItemsOfAnEndedInterpreter(QueueKit kit, Unbound policy) throws Exception {
    Handle queue = kit.create(0, policy);
    try (TaskExecutor other = open()) {
      Waiting.get(
          other.submit(
              () -> {
                queue.put("first");
                queue.put("second");
                return null;
              }));
      assertThat(queue.size()).isEqualTo(2);
      assertThat(queue.get()).as("while it lives").isEqualTo("first");
    }
    queue.put("main's");
    return queue;
  }

  @Test
  default void required_I6_unboundItemsBecomeASentinel() throws Exception {
    QueueKit kit = needsQueues();
    try (Handle queue = withItemsOfAnEndedInterpreter(kit, Unbound.UNBOUND)) {
      assertThat(queue.get()).isSameAs(kit.unbound());
      assertThat(queue.get()).isEqualTo("main's");
    }
  }

  @Test
  default void required_I6_unboundItemsBecomeAnError() throws Exception {
    QueueKit kit = needsQueues();
    try (Handle queue = withItemsOfAnEndedInterpreter(kit, Unbound.ERROR)) {
      assertThatThrownBy(queue::get).isInstanceOf(kit.itemInterpreterDestroyed());
      assertThat(queue.get()).isEqualTo("main's");
    }
  }

  @Test
  default void required_I6_unboundItemsAreRemoved() throws Exception {
    QueueKit kit = needsQueues();
    try (Handle queue = withItemsOfAnEndedInterpreter(kit, Unbound.REMOVE)) {
      assertThat(queue.size()).isEqualTo(1);
      assertThat(queue.get()).isEqualTo("main's");
      assertThatThrownBy(queue::getNow).isInstanceOf(kit.empty());
    }
  }

  @Test
  default void required_I6_unboundItemsAreKept() throws Exception {
    QueueKit kit = needsQueues();
    try (Handle queue = withItemsOfAnEndedInterpreter(kit, Unbound.KEEP)) {
      assertThat(queue.get()).isEqualTo("second");
      assertThat(queue.get()).isEqualTo("main's");
    }
  }
}
