// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.spi.WorkerScope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class SwitchControllerTest extends GilTestBase {
  private static final int TASKS = 3;
  private static final int STEPS = 15;

  // Guarded by the interpreter lock alone.
  private int num;

  /** Else a worker that is quick finds no task, and gives up the lock once more. */
  private volatile boolean allSubmitted;

  @Test
  void theSameDecisionsMakeTheSameSchedule() throws Exception {
    TaskExecutor executor = open(builder().workers(TASKS));
    scheduleOf(executor, 0); // loads classes, which is input and output
    Set<String> schedules = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      String schedule = scheduleOf(executor, seed);
      for (int replay = 0; replay < 2; replay++) {
        assertThat(scheduleOf(executor, seed)).isEqualTo(schedule);
      }
      schedules.add(schedule);
    }
    assertThat(schedules).hasSizeGreaterThan(10);
  }

  /** All tasks have begun before one of them takes its first step. */
  private String scheduleOf(TaskExecutor executor, long seed) throws Exception {
    Gil gil = Gil.of(executor);
    Random random = new Random(seed);
    gil.control((here, waiting) -> null);
    Runnable begin =
        () ->
            gil.control(
                (here, waiting) -> {
                  int chosen = random.nextInt(waiting.size() + 1);
                  return chosen == waiting.size() ? null : waiting.get(chosen);
                });
    num = 0;
    allSubmitted = false;
    StringBuilder schedule = new StringBuilder();
    List<TaskFuture<?>> tasks = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      char name = (char) ('a' + i);
      tasks.add(executor.submit(() -> walk(name, schedule, begin)));
    }
    allSubmitted = true;
    for (TaskFuture<?> task : tasks) {
      task.get();
    }
    gil.control(null);
    assertThat(schedule).hasSize(TASKS * STEPS);
    return schedule.toString();
  }

  private void walk(char name, StringBuilder schedule, Runnable begin) {
    if (num++ == 0) {
      while (!allSubmitted || waiters() < TASKS - 1) {
        Thread.onSpinWait();
      }
      begin.run();
    }
    while (num < TASKS) {
      Gil.checkpoint();
    }
    for (int step = 0; step < STEPS; step++) {
      schedule.append(name);
      Gil.checkpoint();
    }
  }

  private static long waiters() {
    return workerThreads().stream()
        .filter(thread -> LockSupport.getBlocker(thread) instanceof InterpreterLock)
        .count();
  }

  @Test
  void timePlaysNoRoleWhileThereIsAController() throws Exception {
    TaskExecutor executor = open(builder().workers(2).set("gil-threading.switch-interval", "0"));
    Gil gil = Gil.of(executor);
    gil.control((here, waiting) -> null);
    List<String> order = new ArrayList<>();
    TaskFuture<?> first =
        executor.submit(
            () -> {
              while (waiters() < 1) {
                Gil.checkpoint();
              }
              for (int i = 0; i < 10_000; i++) {
                Gil.checkpoint();
              }
              order.add("first");
            });
    TaskFuture<?> second = executor.submit(() -> order.add("second"));
    first.get();
    second.get();
    gil.control(null);
    assertThat(order).containsExactly("first", "second");
    assertThat(gil.statistics().dropRequests()).isZero();
  }

  @Test
  void aControllerThatNamesWhoDoesNotWaitIsToldSo() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    Gil gil = Gil.of(executor);
    Thread nobody = new Thread();
    gil.control((here, waiting) -> here.kind() == SwitchPoint.Kind.CHECK ? nobody : null);
    TaskFuture<?> task = executor.submit(Gil::checkpoint);
    assertThatThrownBy(task::get)
        .hasRootCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("which does not wait");
    gil.control(null);
    assertThat(executor.submit(gil::isHeldByCurrentThread).get()).isTrue();
  }

  /** Read, access, write: the observer sees the counter before and after the switch between. */
  @Test
  void anObserverNamesALostUpdate() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    Gil gil = Gil.of(executor);
    gil.control(
        (here, waiting) ->
            here.kind() == SwitchPoint.Kind.ACCESS && !waiting.isEmpty() ? waiting.get(0) : null);
    List<String> lost = new ArrayList<>();
    List<Boolean> held = new ArrayList<>();
    gil.observe(
        new SwitchObserver() {
          private final ThreadLocal<Integer> before = new ThreadLocal<>();

          @Override
          public void beforeSwitch(int site) {
            held.add(gil.isHeldByCurrentThread());
            before.set(num);
            Gil.checkpoint(); // does nothing in here
          }

          @Override
          public void afterSwitch(int site) {
            held.add(gil.isHeldByCurrentThread());
            if (site == 42 && before.get() != num) {
              lost.add(Thread.currentThread().getName());
            }
          }
        });
    while (lost.isEmpty()) {
      num = 0;
      List<TaskFuture<?>> futures = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        futures.add(executor.submit(this::increment));
      }
      for (TaskFuture<?> future : futures) {
        future.get();
      }
    }
    gil.observe(null);
    gil.control(null);
    assertThat(num).isLessThan(100);
    assertThat(lost.get(0)).contains("-worker-");
    assertThat(held).doesNotContain(false);
  }

  private void increment() {
    int read = num;
    if (WorkerScope.current() instanceof GilScope scope) {
      scope.check(42);
    }
    num = read + 1;
  }
}
