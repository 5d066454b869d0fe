// SPDX-License-Identifier: Apache-2.0
package com.acme;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.gil.agent.GilAgent;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A program with a task that computes and never cooperates. Prints the state of the agent before
 * and after it opens an executor, and whether another task ran while that one did.
 */
public final class OvertakenHog {
  private static final long STEPS = 1_000_000_000L;

  private OvertakenHog() {}

  /** Takes no arguments. */
  public static void main(String[] args) throws Exception {
    System.out.println(GilAgent.coverage().state());
    try (TaskExecutor executor = Interlock.builder().strategy("gil-threading").workers(2).open()) {
      System.out.println(GilAgent.coverage().state());
      AtomicBoolean ran = new AtomicBoolean();
      TaskFuture<Boolean> hog = executor.submit(() -> isOvertaken(ran));
      executor.submit(() -> ran.set(true)).get();
      System.out.println(hog.get() ? "overtaken" : "not overtaken");
    }
  }

  private static boolean isOvertaken(AtomicBoolean ran) {
    for (long step = 0; step < STEPS; step++) {
      if (ran.get()) {
        return true;
      }
    }
    return false;
  }
}
