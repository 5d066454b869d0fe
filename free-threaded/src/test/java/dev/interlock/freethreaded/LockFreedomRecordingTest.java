// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedClass;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No monitor and no lock between submit and completion, by what the JVM's flight recorder sees
 * while workers and submitters are busy: every wait for a monitor, and every park with the class of
 * what it waits for. A worker without work may park, and so may who waits for a result.
 */
@Timeout(120)
class LockFreedomRecordingTest {
  private static final String MONITOR = "jdk.JavaMonitorEnter";
  private static final String WAIT = "jdk.JavaMonitorWait";
  private static final String PARK = "jdk.ThreadPark";
  private static final String LOCKS = "java.util.concurrent.locks.";

  @TempDir Path directory;

  @Test
  void neitherSubmittersNorWorkersMeetALock() throws Exception {
    List<RecordedEvent> events;
    try (TaskExecutor executor =
        Interlock.builder().strategy("free-threaded").workers(2).name("recorded").open()) {
      events = recorded(executor);
    }
    assertThat(events.stream().filter(LockFreedomRecordingTest::isLock).map(Object::toString))
        .isEmpty();
    assertThat(events)
        .as("the workers sleep at the end")
        .anyMatch(LockFreedomRecordingTest::isPark);
  }

  /** The same load, by the same measure, finds the locks of a pool that has some. */
  @Test
  void theLocksOfAThreadPoolAreSeen() throws Exception {
    ExecutorService pool =
        Executors.newFixedThreadPool(2, task -> new Thread(task, "recorded-worker"));
    try {
      assertThat(recorded(pool)).anyMatch(LockFreedomRecordingTest::isLock);
    } finally {
      pool.shutdown();
      assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private List<RecordedEvent> recorded(ExecutorService executor) throws Exception {
    load(executor); // classes are loaded and initialized under locks
    Path file = directory.resolve("recording.jfr");
    try (Recording recording = new Recording()) {
      for (String event : List.of(MONITOR, WAIT, PARK)) {
        recording.enable(event).withThreshold(Duration.ZERO).withStackTrace();
      }
      recording.start();
      load(executor);
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getThread() != null)
        .filter(event -> String.valueOf(event.getThread().getJavaName()).startsWith("recorded-"))
        .toList();
  }

  /** Bursts with pauses, so that workers are met busy, searching, falling asleep and asleep. */
  private static void load(ExecutorService executor) throws InterruptedException {
    List<Thread> submitters = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      Thread submitter = new Thread(() -> submit(executor), "recorded-submitter-" + s);
      submitter.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
      submitter.start();
      submitters.add(submitter);
    }
    for (Thread submitter : submitters) {
      submitter.join();
    }
    assertThat(failures).isEmpty();
  }

  private static void submit(ExecutorService executor) {
    try {
      for (int burst = 0; burst < 300; burst++) {
        List<Future<Integer>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          int number = i;
          futures.add(executor.submit(() -> number));
          if (i % 10 == 9) {
            futures.remove(futures.size() - 1).cancel(true);
          }
        }
        int sum = 0;
        for (Future<Integer> future : futures) {
          sum += future.get();
        }
        assertThat(sum).isEqualTo(4_950 - 540);
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isPark(RecordedEvent event) {
    return event.getEventType().getName().equals(PARK);
  }

  private static boolean isLock(RecordedEvent event) {
    if (!isPark(event)) {
      return !isOfRecorder(event);
    }
    RecordedClass waitedFor = event.getClass("parkedClass");
    return (waitedFor != null && waitedFor.getName().startsWith(LOCKS))
        || frames(event).stream()
            .anyMatch(type -> type.startsWith(LOCKS) && !type.endsWith(".LockSupport"));
  }

  /** The recorder traces exceptions by code of its own, which is loaded by the first of them. */
  private static boolean isOfRecorder(RecordedEvent event) {
    List<String> frames = frames(event);
    return !frames.isEmpty() && frames.get(0).startsWith("jdk.jfr.internal.");
  }

  private static List<String> frames(RecordedEvent event) {
    RecordedStackTrace stack = event.getStackTrace();
    return stack == null
        ? List.of()
        : stack.getFrames().stream()
            .map(RecordedFrame::getMethod)
            .map(method -> method.getType().getName())
            .collect(Collectors.toList());
  }
}
