// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.awaitility.Awaitility.await;

import dev.interlock.Blocking;
import dev.interlock.TaskFuture;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that {@link SuspensionTest} suspends threads of. Its submitters either submit bursts
 * of tasks that fork, block and are cancelled, with pauses in between, so that workers fall asleep
 * and are woken; or wait for one task, or a burst of them, before they submit more. It answers to
 * each line that it reads.
 */
final class SuspensionLoad {
  /** To this line it answers with how many tasks of each submitter have run. */
  static final String HOW_MANY = "how many";

  /** After this line nobody submits; it answers when the executor is as idle as it can be. */
  static final String REST = "rest";

  /** Submitters go on. */
  static final String GO_ON = "go on";

  /** What submitters do, and when the executor is at rest. */
  enum Kind {
    /** They submit bursts; rest is not asked for. */
    BURSTS(2, 30_000, 1_000),
    /** They submit one task, or a burst, and wait; at rest all workers sleep, and none watches. */
    TRIPS(2, 30_000, 1_000),
    /** The same; at rest there is no worker any more. */
    TRIPS_FROM_NOTHING(2, 20, 1_000),
    /**
     * One that always waits for its one task, so nobody else makes good what it has left undone.
     */
    SINGLE_TRIPS(1, 30_000, 100);

    final int submitters;
    final int keepAliveMs;

    /** So many tasks must run while a thread stands still: many of what is submitted at once. */
    final int enough;

    Kind(int submitters, int keepAliveMs, int enough) {
      this.submitters = submitters;
      this.keepAliveMs = keepAliveMs;
      this.enough = enough;
    }
  }

  static final String NAME = "load";
  static final String SUBMITTER = "submitter-";
  static final int WORKERS = 3;
  private static final int BURST = 64;
  private static final int MOST_OPEN = 1_000;

  private final Kind kind;
  private final FreeThreadedExecutor executor;
  private final AtomicLong[] ran;
  private volatile boolean resting;

  private SuspensionLoad(Kind kind) {
    this.kind = kind;
    this.ran = new AtomicLong[kind.submitters];
    this.executor = OpenedExecutor.of(NAME, WORKERS, "keep-alive = " + kind.keepAliveMs + " ms");
  }

  /** Runs until it is killed, or its input ends. */
  public static void main(String[] arguments) throws Exception {
    SuspensionLoad load = new SuspensionLoad(Kind.valueOf(arguments[0]));
    for (int s = 0; s < load.kind.submitters; s++) {
      int number = s;
      load.ran[s] = new AtomicLong();
      Thread submitter =
          new Thread(
              load.kind == Kind.BURSTS
                  ? () -> load.submitForEver(number)
                  : () -> load.tripForEver(load.ran[number]),
              SUBMITTER + s);
      submitter.setDaemon(true);
      submitter.start();
    }
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = questions.readLine(); line != null; line = questions.readLine()) {
      System.out.println(load.answer(line));
    }
    Runtime.getRuntime().halt(0);
  }

  private String answer(String line) {
    switch (line) {
      case HOW_MANY -> {
        StringBuilder counts = new StringBuilder();
        for (AtomicLong count : ran) {
          counts.append(count.get()).append(' ');
        }
        return counts.toString();
      }
      case REST -> {
        resting = true;
        await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofMillis(5))
            .during(Duration.ofMillis(20)) // while the watchman looks, nobody watches
            .until(this::isAtRest);
      }
      case GO_ON -> resting = false;
      default -> throw new IllegalArgumentException(line);
    }
    return line;
  }

  private boolean isAtRest() {
    return kind == Kind.TRIPS_FROM_NOTHING
        ? executor.stats().workers() == 0
        : executor.scheduler().isQuiescent() && executor.scheduler().watch().isVacant();
  }

  private void tripForEver(AtomicLong mine) {
    for (int trip = 0; ; trip++) {
      while (resting) {
        LockSupport.parkNanos(100_000);
      }
      List<TaskFuture<?>> tasks = new ArrayList<>();
      for (int i = trip % 2 == 0 || kind == Kind.SINGLE_TRIPS ? 1 : BURST; i > 0; i--) {
        tasks.add(executor.submit(() -> count(mine)));
      }
      tasks.forEach(TaskFuture::join);
    }
  }

  private void submitForEver(int number) {
    AtomicLong mine = ran[number];
    long expected = 0;
    for (int burst = 0; ; burst++) {
      for (int i = 0; i < BURST; i++) {
        expected += submit(mine, i);
      }
      while (expected - mine.get() > MOST_OPEN) {
        Thread.onSpinWait();
      }
      if (burst % 4 == 3) {
        LockSupport.parkNanos(200_000); // now the workers fall asleep
      }
    }
  }

  /** Submits, and returns how many tasks will be counted. */
  private int submit(AtomicLong mine, int i) {
    switch (i % 8) {
      case 0 -> {
        executor.execute(
            () -> {
              executor.execute(() -> count(mine));
              count(mine);
            });
        return 2;
      }
      case 1 -> {
        executor.execute(
            () -> {
              Blocking.run(() -> count(mine));
              count(mine);
            });
        return 2;
      }
      case 2 -> {
        executor.submit(() -> Thread.onSpinWait()).cancel(true);
        return 0;
      }
      default -> {
        executor.execute(() -> count(mine));
        return 1;
      }
    }
  }

  private static void count(AtomicLong counter) {
    counter.incrementAndGet();
  }
}
