// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.interlock.NotShareableException;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.isolation.QueueTasks.Job;
import dev.interlock.subinterpreter.ExecutionFailedException;
import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.QueueNotFoundException;
import dev.interlock.subinterpreter.QueueOptions;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Interpreters that work with queues, and what crosses by either of them. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterpretersAndQueuesTest {
  @TempDir Path temporary;

  /** Each interpreter has a class of its own of this. */
  record Handles(Interpreter interpreter, List<InterpreterQueue> queues) {}

  /** A record that cannot be read. */
  record Locked(int number) {
    @Override
    public int number() {
      throw new IllegalStateException("locked");
    }
  }

  private static FutureTask<Void> start(Runnable body) {
    FutureTask<Void> task = new FutureTask<>(body, null);
    new Thread(task, "exec").start();
    return task;
  }

  /** PEP 734's example of a worker. */
  @Test
  void sourceAnswersTheApplicationThroughQueues() throws Exception {
    try (Interpreter interpreter = Interpreters.create();
        InterpreterQueue tasks = Interpreters.createQueue();
        InterpreterQueue results = Interpreters.createQueue(2)) {
      interpreter.prepareMain(Map.of("tasks", tasks, "results", results));
      FutureTask<Void> worker =
          start(
              () ->
                  interpreter.exec(
                      """
                      int served = 0;
                      while (true) {
                        Object task = tasks.get();
                        if (task == null) {
                          break;
                        }
                        results.put((Integer) task * 2);
                        served++;
                      }
                      """));
      for (int i = 0; i < 100; i++) {
        tasks.put(i);
      }
      for (int i = 0; i < 100; i++) {
        assertThat(results.get(Waiting.limit())).isEqualTo(2 * i);
      }
      assertThat(interpreter.isRunning()).isTrue();
      tasks.put(null);
      Waiting.get(worker);
      assertThat(interpreter.get("served")).isEqualTo(100);
      assertThat(interpreter.get("tasks")).isSameAs(tasks);
    }
  }

  @Test
  void closingTheQueueEndsTheSourceThatWaitsForItems() throws Exception {
    try (Interpreter interpreter = Interpreters.create();
        InterpreterQueue results = Interpreters.createQueue()) {
      InterpreterQueue tasks = Interpreters.createQueue();
      interpreter.prepareMain(Map.of("tasks", tasks, "results", results));
      FutureTask<ExecutionFailedException> worker =
          new FutureTask<>(
              () ->
                  catchThrowableOfType(
                      ExecutionFailedException.class,
                      () -> interpreter.exec("while (true) { results.put(tasks.get()); }")));
      new Thread(worker, "exec").start();
      tasks.put("one");
      assertThat(results.get(Waiting.limit())).isEqualTo("one");
      tasks.close();
      assertThat(Waiting.get(worker).type()).isEqualTo(QueueNotFoundException.class.getName());
      interpreter.exec("results.put(\"usable\");");
      assertThat(results.get()).isEqualTo("usable");
    }
  }

  @Test
  void interpretersProduceAndConsumeInThreads() throws Exception {
    try (InterpreterQueue jobs = Interpreters.createQueue(8);
        Interpreter consumer = Interpreters.create()) {
      Interpreter producer = Interpreters.create();
      Future<Integer> consumed =
          consumer.callInThread(
              () -> {
                int sum = 0;
                for (int i = 0; i < 1_000; i++) {
                  sum += ((Job) jobs.get()).number();
                }
                return sum;
              });
      Future<?> produced =
          producer.callInThread(
              () -> {
                for (int i = 0; i < 1_002; i++) {
                  jobs.put(new Job(i, List.of("job")));
                }
                return null;
              });
      Waiting.get(produced);
      assertThat(Waiting.get(consumed)).isEqualTo(499_500);
      assertThat(jobs.get()).as("the application's own class").isInstanceOf(Job.class);
      producer.close();
      assertThat(jobs.get()).isSameAs(InterpreterQueue.UNBOUND);
      assertThat(jobs.isEmpty()).isTrue();
    }
  }

  @Test
  void handlesCrossDeeplyEveryWhere() throws Exception {
    try (Interpreter interpreter = Interpreters.create();
        InterpreterQueue queue = Interpreters.createQueue()) {
      Handles handles = new Handles(interpreter, List.of(queue));
      for (Object value : List.of(interpreter, queue, handles, List.of(handles, queue))) {
        assertThat(Interpreters.isShareable(value)).isTrue();
        interpreter.prepareMain("value", value);
        assertThat(interpreter.get("value")).isEqualTo(value);
        Object back = interpreter.call((Object there) -> there, value);
        assertThat(back).isEqualTo(value);
        queue.put(value);
        Object item = interpreter.call(() -> queue.get());
        assertThat(item).isEqualTo(value);
        queue.put(new ArrayList<>(List.of(value)));
        assertThat(queue.get()).as("by the codec").isEqualTo(List.of(value));
      }
      Interpreter same = interpreter.call((Handles there) -> there.interpreter(), handles);
      assertThat(same).isSameAs(interpreter);
    }
  }

  @Test
  void whatIsShareableIsTakenByPrepareMainAndNothingElse() {
    List<Object> shareable =
        Arrays.asList(
            null,
            1,
            "a",
            'c',
            new byte[] {1},
            ByteBuffer.allocateDirect(1),
            List.of(1, List.of("two")),
            Arrays.asList(1, null).stream().toList(),
            new Job(1, List.of("a")));
    List<Object> not =
        List.of(
            new Object(),
            new ArrayList<>(),
            new int[1],
            ByteBuffer.allocate(1),
            List.of(1, new ArrayList<>()),
            new Job(1, new ArrayList<>()),
            new Locked(1));
    try (Interpreter interpreter = Interpreters.create()) {
      for (Object value : shareable) {
        assertThat(Interpreters.isShareable(value)).as("%s", value).isTrue();
        interpreter.prepareMain("value", value);
        assertThat(interpreter.get("value")).isEqualTo(value);
      }
      for (Object value : not) {
        assertThat(Interpreters.isShareable(value)).as("%s", value.getClass()).isFalse();
        assertThatThrownBy(() -> interpreter.prepareMain("bad", value))
            .isInstanceOf(NotShareableException.class);
      }
      Job job = new Job(1, new ArrayList<>());
      assertThatThrownBy(() -> interpreter.prepareMain("bad", List.of(job)))
          .hasMessageContaining("bad[0].names: java.util.ArrayList")
          .hasMessageContaining("call");
      assertThatThrownBy(() -> interpreter.call((Locked locked) -> 1, new Locked(1)))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("Locked.number")
          .hasMessageContaining("locked");
      assertThatThrownBy(() -> interpreter.call(() -> new Locked(1)))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("locked");
    }
  }

  @Test
  void aDurableQueueRefusesHandlesHoweverDeep() throws Exception {
    QueueOptions options = QueueOptions.defaults().withDurable(temporary, "durable");
    InterpreterQueue durable = Interpreters.createQueue(options);
    try (Interpreter interpreter = Interpreters.create()) {
      for (Object handle : List.of(interpreter, durable)) {
        for (Object item :
            List.of(
                handle,
                List.of("a", handle),
                new Handles(interpreter, List.of()),
                new ArrayList<>(List.of(handle)),
                Map.of("deep", List.of(handle)))) {
          assertThatThrownBy(() -> durable.put(item))
              .isInstanceOf(NotShareableException.class)
              .hasMessageContaining("which a durable queue outlives");
        }
      }
      assertThat(durable.isEmpty()).isTrue();
      durable.put(List.of("goes on"));
      assertThat(durable.get()).isEqualTo(List.of("goes on"));
    } finally {
      durable.destroy();
    }
  }

  @Test
  void itemsArriveInTheInterpreterWhateverTheContextLoaderIs() throws Exception {
    try (Interpreter interpreter = Interpreters.create();
        InterpreterQueue queue = Interpreters.createQueue()) {
      QueueTasks.putJobs(queue);
      QueueTasks.putJobs(queue);
      List<String> own = List.of("job 1[a]", "plain 3[plain]");
      List<String> without = interpreter.call(() -> QueueTasks.getWithContext(queue, null));
      assertThat(without).isEqualTo(own);
      List<String> foreign =
          interpreter.call(
              () -> QueueTasks.getWithContext(queue, ClassLoader.getPlatformClassLoader()));
      assertThat(foreign).isEqualTo(own);
    }
  }
}
