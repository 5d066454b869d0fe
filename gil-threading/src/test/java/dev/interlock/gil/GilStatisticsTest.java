// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GilStatisticsTest extends GilTestBase {

  @Test
  void countsAreExactOnceTheExecutorIsQuiescent() throws Exception {
    TaskExecutor executor = open(builder().workers(2));
    long beganNs = System.nanoTime();
    List<TaskFuture<?>> futures = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      futures.add(
          executor.submit(
              () -> {
                for (int call = 0; call < 3; call++) {
                  Blocking.run(() -> Blocking.run(() -> {}));
                  Gil.allowThreads(() -> {});
                }
              }));
    }
    for (TaskFuture<?> future : futures) {
      future.get();
    }
    GilStatistics statistics = Gil.of(executor).statistics();
    Duration wall = Duration.ofNanos(System.nanoTime() - beganNs);
    assertThat(statistics.blockingReleases()).isEqualTo(60);
    assertThat(statistics.held()).isPositive().isLessThanOrEqualTo(wall);
    assertThat(statistics.threads()).isNotEmpty();
    assertSums(statistics);
    assertThat(statistics.threads().get(0).thread()).contains("-worker-");
  }

  @Test
  void aThreadThatHasEndedIsStillInTheSums() throws Exception {
    TaskExecutor executor = open(builder().workers(1));
    executor.submit(() -> Blocking.run(() -> {})).get();
    GilStatistics before = Gil.of(executor).statistics();
    executor.close();
    GilStatistics after = Gil.of(executor).statistics();
    assertThat(after.blockingReleases()).isEqualTo(before.blockingReleases()).isEqualTo(1);
    assertThat(after.held()).isEqualTo(before.held());
    assertThat(after.threads())
        .singleElement()
        .satisfies(thread -> assertThat(thread.thread()).contains("ended"));
    assertSums(after);
  }

  @Test
  void waitingAndAskingAreCountedWhereTheyHappen() throws Exception {
    TaskExecutor executor = open(builder().workers(2).set("gil-threading.switch-interval", "0"));
    AtomicBoolean stop = new AtomicBoolean();
    TaskFuture<?> hog =
        executor.submit(
            () -> {
              while (!stop.get()) {
                Gil.checkpoint();
              }
            });
    executor.submit(() -> stop.set(true)).get();
    hog.get();
    GilStatistics statistics = Gil.of(executor).statistics();
    assertThat(statistics.dropRequests()).isPositive();
    assertThat(statistics.forcedDrops()).isPositive();
    assertThat(statistics.handOffs()).isGreaterThanOrEqualTo(3);
    assertThat(statistics.waits()).isGreaterThanOrEqualTo(2);
    assertThat(statistics.waited()).isPositive();
    assertSums(statistics);
  }

  @Test
  void theTimeOfARobbedThreadEndsWhenItIsRobbed() throws Exception {
    TaskExecutor executor = open(builder().workers(2).set("gil-threading.take-over", "waiting"));
    long beganNs = System.nanoTime();
    Duration ran =
        besideABlockedTask(
            executor,
            () -> {
              long fromNs = System.nanoTime();
              while (System.nanoTime() - fromNs < 50_000_000) {
                Thread.onSpinWait();
              }
              return Duration.ofNanos(System.nanoTime() - fromNs);
            });
    GilStatistics statistics = Gil.of(executor).statistics();
    Duration wall = Duration.ofNanos(System.nanoTime() - beganNs);
    assertThat(statistics.takeOvers()).isEqualTo(1);
    assertThat(statistics.held()).isGreaterThanOrEqualTo(ran).isLessThanOrEqualTo(wall);
    assertSums(statistics);
  }

  /** Runs the task while another one has the lock and waits for a monitor, and so is robbed. */
  private static <T> T besideABlockedTask(TaskExecutor executor, Callable<T> task)
      throws Exception {
    Object monitor = new Object();
    AtomicReference<Thread> blocked = new AtomicReference<>(Thread.currentThread());
    TaskFuture<?> first;
    T result;
    synchronized (monitor) {
      first =
          executor.submit(
              () -> {
                blocked.set(Thread.currentThread());
                synchronized (monitor) {
                  Gil.checkpoint();
                }
              });
      await().until(() -> blocked.get().getState() == Thread.State.BLOCKED);
      result = executor.submit(task).get();
    }
    first.get();
    return result;
  }

  private static void assertSums(GilStatistics all) {
    assertThat(sum(all, GilThreadStatistics::handOffs)).isEqualTo(all.handOffs());
    assertThat(sum(all, GilThreadStatistics::forcedDrops)).isEqualTo(all.forcedDrops());
    assertThat(sum(all, GilThreadStatistics::waits)).isEqualTo(all.waits());
    assertThat(sum(all, GilThreadStatistics::dropRequests)).isEqualTo(all.dropRequests());
    assertThat(sum(all, GilThreadStatistics::blockingReleases)).isEqualTo(all.blockingReleases());
    assertThat(sum(all, GilThreadStatistics::takeOvers)).isEqualTo(all.takeOvers());
    assertThat(sum(all, t -> t.held().toNanos())).isEqualTo(all.held().toNanos());
    assertThat(sum(all, t -> t.waited().toNanos())).isEqualTo(all.waited().toNanos());
  }

  private static long sum(GilStatistics all, ToLongFunction<GilThreadStatistics> part) {
    return all.threads().stream().mapToLong(part).sum();
  }

  // In a flight recording.

  @Test
  void waitsHandOffsAndTakeOversAreEvents(@TempDir Path directory) throws Exception {
    List<RecordedEvent> events;
    try (Recording recording = new Recording()) {
      recording.enable("dev.interlock.LockWait").withoutThreshold();
      recording.enable("dev.interlock.HandOff");
      recording.enable("dev.interlock.TakeOver");
      recording.start();
      TaskExecutor executor = open(builder().workers(2).set("gil-threading.take-over", "waiting"));
      besideABlockedTask(executor, () -> 1);
      AtomicBoolean overtaken = new AtomicBoolean();
      TaskFuture<?> hog =
          executor.submit(
              () -> {
                while (!overtaken.get()) {
                  Gil.checkpoint();
                }
              });
      executor.submit(() -> overtaken.set(true)).get();
      hog.get();
      recording.stop();
      events = read(recording, directory.resolve("events.jfr"));
    }
    RecordedEvent takeOver = only(events, "dev.interlock.TakeOver").get(0);
    assertThat(takeOver.getString("executor")).isEqualTo("gil-under-test");
    assertThat(takeOver.getThread("from").getJavaName()).contains("-worker-");
    assertThat(takeOver.getThread("to").getJavaName())
        .contains("-worker-")
        .isNotEqualTo(takeOver.getThread("from").getJavaName());
    assertThat(only(events, "dev.interlock.LockWait"))
        .anyMatch(event -> event.getBoolean("asked") && event.getDuration().toNanos() > 0);
    assertThat(only(events, "dev.interlock.HandOff"))
        .anyMatch(event -> event.getBoolean("forced"))
        .anyMatch(event -> !event.getBoolean("forced"))
        .allMatch(event -> event.getInt("site") == SwitchPoint.NO_SITE)
        .allMatch(event -> !event.getThread("from").equals(event.getThread("to")));
  }

  @Test
  void onlyLongWaitsAreEventsByDefault() {
    new RecordedEvents().waitBegins(); // the type registers itself when it is first used
    assertThat(FlightRecorder.getFlightRecorder().getEventTypes())
        .filteredOn(type -> type.getName().equals("dev.interlock.LockWait"))
        .singleElement()
        .satisfies(
            type ->
                assertThat(type.getSettingDescriptors())
                    .filteredOn(setting -> setting.getName().equals("threshold"))
                    .extracting(SettingDescriptor::getDefaultValue)
                    .containsExactly("1 ms"));
  }

  private static List<RecordedEvent> read(Recording recording, Path file) throws IOException {
    recording.dump(file);
    return RecordingFile.readAllEvents(file);
  }

  private static List<RecordedEvent> only(List<RecordedEvent> events, String name) {
    List<RecordedEvent> named =
        events.stream().filter(event -> event.getEventType().getName().equals(name)).toList();
    assertThat(named).as(name).isNotEmpty();
    return named;
  }
}
