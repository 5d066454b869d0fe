// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.ItemInterpreterDestroyedException;
import dev.interlock.subinterpreter.QueueEmptyException;
import dev.interlock.subinterpreter.QueueFullException;
import dev.interlock.subinterpreter.QueueOptions;
import dev.interlock.subinterpreter.UnboundItems;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Queues whose ends are in different interpreters. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class QueuesBetweenInterpretersTest {
  private static TaskExecutor open(int workers) {
    return Interlock.builder().strategy("subinterpreters").workers(workers).open();
  }

  @Test
  void aHandleIsAnArgumentAndAResult() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue();
        TaskExecutor executor = open(1)) {
      assertThat(Waiting.get(executor.submit(() -> QueueTasks.putAll(queue, 3, UnboundItems.KEEP))))
          .isEqualTo(queue.id());
      assertThat(queue.get()).isEqualTo(0);
      assertThat(Waiting.get(executor.submit(() -> queue))).isSameAs(queue);
      assertThat(queue.size()).isEqualTo(2);
    }
  }

  @Test
  void recordsAndObjectsArriveAsTheReceiversOwnClasses() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue();
        TaskExecutor executor = open(1)) {
      Waiting.get(executor.submit(() -> QueueTasks.putJobs(queue)));
      assertThat(QueueTasks.describe(queue.get())).isEqualTo("job 1[a]");
      assertThat(QueueTasks.describe(queue.get())).isEqualTo("plain 3[plain]");
      QueueTasks.putJobs(queue);
      for (String expected : List.of("job 1[a]", "plain 3[plain]")) {
        assertThat(Waiting.get(executor.submit(() -> QueueTasks.getAndDescribe(queue))))
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void aTaskThatWaitsForAnItemLeavesTheOthersRunning() throws Exception {
    try (InterpreterQueue in = Interpreters.createQueue();
        InterpreterQueue out = Interpreters.createQueue(1);
        TaskExecutor executor = open(2)) {
      List<TaskFuture<Integer>> echoes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        echoes.add(executor.submit(() -> QueueTasks.echo(in, out)));
      }
      ByteBuffer shared = ByteBuffer.allocateDirect(8);
      for (int i = 0; i < 1_000; i++) {
        in.put(shared);
        ByteBuffer back = (ByteBuffer) out.get(Waiting.limit());
        back.putInt(0, i);
        assertThat(shared.getInt(0)).isEqualTo(i);
      }
      in.put("end");
      in.put("end");
      assertThat(Waiting.getAll(echoes).stream().mapToInt(Integer::intValue).sum())
          .isEqualTo(1_000);
    }
  }

  @Test
  void itemsOfAnEndedInterpreterGetTheirPolicy() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue(20)) {
      queue.put("main's");
      try (TaskExecutor executor = open(1)) {
        for (UnboundItems policy : UnboundItems.values()) {
          Waiting.get(executor.submit(() -> QueueTasks.putAll(queue, 2, policy)));
        }
        assertThat(queue.size()).isEqualTo(9);
      }
      queue.put("last");
      assertThat(queue.size()).as("without the two that were removed").isEqualTo(8);
      assertThat(queue.get()).isEqualTo("main's");
      assertThat(queue.get()).isSameAs(InterpreterQueue.UNBOUND);
      assertThat(queue.get()).isSameAs(InterpreterQueue.UNBOUND);
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(queue::get)
            .isInstanceOf(ItemInterpreterDestroyedException.class)
            .hasMessageContaining("has ended");
      }
      assertThat(queue.get()).isEqualTo(0);
      assertThat(queue.get()).isEqualTo(1);
      assertThat(queue.get()).isEqualTo("last");
      assertThatThrownBy(queue::getNow).isInstanceOf(QueueEmptyException.class);
      assertThat(queue.size()).isZero();
    }
  }

  @Test
  void thePolicyOfTheQueueHoldsForItemsWithoutOne() throws Exception {
    for (UnboundItems policy : UnboundItems.values()) {
      QueueOptions options = QueueOptions.defaults().withUnboundItems(policy);
      try (InterpreterQueue queue = Interpreters.createQueue(options)) {
        try (TaskExecutor executor = open(1)) {
          Waiting.get(executor.submit(() -> QueueTasks.putJobs(queue)));
          assertThat(QueueTasks.describe(queue.get())).as("still alive").isEqualTo("job 1[a]");
        }
        switch (policy) {
          case UNBOUND -> assertThat(queue.get()).isSameAs(InterpreterQueue.UNBOUND);
          case ERROR ->
              assertThatThrownBy(queue::get).isInstanceOf(ItemInterpreterDestroyedException.class);
          case REMOVE ->
              assertThatThrownBy(() -> queue.get(Duration.ofMillis(10)))
                  .isInstanceOf(QueueEmptyException.class);
          case KEEP -> assertThat(QueueTasks.describe(queue.get())).isEqualTo("plain 3[plain]");
        }
        assertThat(queue.isEmpty()).isTrue();
      }
    }
  }

  @Test
  void whatIsRemovedMakesRoomForWhoWaits() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue(2)) {
      TaskFuture<?> waiting;
      try (TaskExecutor other = open(1)) {
        try (TaskExecutor executor = open(1)) {
          Waiting.get(executor.submit(() -> QueueTasks.putAll(queue, 2, UnboundItems.REMOVE)));
          assertThatThrownBy(() -> queue.putNow(1)).isInstanceOf(QueueFullException.class);
          waiting = other.submit(() -> QueueTasks.putAll(queue, 2, UnboundItems.KEEP));
          assertThatThrownBy(() -> queue.put(1, Duration.ofMillis(20)))
              .isInstanceOf(QueueFullException.class);
        }
        Waiting.get(waiting);
        assertThat(queue.isFull()).isTrue();
        assertThat(queue.get()).isEqualTo(0);
        assertThat(queue.get()).isEqualTo(1);
        assertThat(queue.isEmpty()).isTrue();
      }
    }
  }
}
