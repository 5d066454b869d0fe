// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that {@link SuspensionTest} suspends threads of: submitters whose tasks fork, block
 * and are cancelled, in bursts with pauses in between, so that workers fall asleep and are woken.
 * To each line that it reads it answers with how many tasks of each submitter have run.
 */
final class SuspensionLoad {
  static final String NAME = "load";
  static final String SUBMITTER = "submitter-";
  static final int SUBMITTERS = 2;
  static final int WORKERS = 3;
  private static final int BURST = 64;
  private static final int MOST_OPEN = 1_000;

  private final TaskExecutor executor =
      Interlock.builder().strategy("free-threaded").name(NAME).workers(WORKERS).open();
  private final AtomicLong[] ran = new AtomicLong[SUBMITTERS];

  private SuspensionLoad() {}

  /** Runs until it is killed, or its input ends. */
  public static void main(String[] arguments) throws Exception {
    SuspensionLoad load = new SuspensionLoad();
    for (int s = 0; s < SUBMITTERS; s++) {
      int number = s;
      load.ran[s] = new AtomicLong();
      Thread submitter = new Thread(() -> load.submitForEver(number), SUBMITTER + s);
      submitter.setDaemon(true);
      submitter.start();
    }
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (questions.readLine() != null) {
      StringBuilder answer = new StringBuilder();
      for (AtomicLong count : load.ran) {
        answer.append(count.get()).append(' ');
      }
      System.out.println(answer);
    }
    Runtime.getRuntime().halt(0);
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
