// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends an executor whose task goes on for too long after it was interrupted, in that executor. The
 * driver interrupts tasks by Spark's own means; the reason that it gives says how much time is
 * left. One daemon thread looks while tasks run that may be ended so, twenty times a second.
 * Thread-safe.
 */
final class KillWatch {
  /** The reason with an interrupt. */
  static final String INTERRUPT = "interlock: interrupted";

  /** The reason when the executor is to end at once. */
  static final String FORCE = "interlock: stopped by force";

  /** With which an executor ends: none of the JVM's or Spark's own. */
  static final int EXIT_CODE = 86;

  private static final long PERIOD_MS = 50;
  private static final long IDLE_MS = 10_000;

  /** A task that may be ended. */
  private static final class Watched {
    final RemoteTask task;
    final long killAfterNs;
    long sinceNs;

    Watched(RemoteTask task) {
      this.task = task;
      this.killAfterNs = task.pool().killAfterMs() * 1_000_000;
    }
  }

  private static final ConcurrentHashMap<RemoteTask, Watched> watched = new ConcurrentHashMap<>();
  private static boolean looking;

  private KillWatch() {}

  /** A task begins. */
  static void begin(RemoteTask task) {
    watched.put(task, new Watched(task));
    synchronized (KillWatch.class) {
      if (!looking) {
        looking = true;
        Thread thread = new Thread(KillWatch::look, "interlock-kill-watch");
        thread.setDaemon(true);
        thread.setContextClassLoader(null);
        thread.start();
      } else {
        KillWatch.class.notifyAll();
      }
    }
  }

  /** It has ended. */
  static void end(RemoteTask task) {
    watched.remove(task);
  }

  private static void look() {
    while (waitForWork()) {
      long now = System.nanoTime();
      for (Iterator<Watched> tasks = watched.values().iterator(); tasks.hasNext(); ) {
        check(tasks.next(), now);
      }
    }
  }

  private static void check(Watched one, long now) {
    if (one.sinceNs == 0) {
      one.sinceNs = one.task.toldToEndNs(now);
    }
    if (one.sinceNs == 0) {
      return;
    }
    var reason = one.task.context().getKillReason();
    if (!reason.isEmpty() && reason.get().contains(FORCE)) {
      endExecutor(one.task, "is stopped by force");
    } else if (now - one.sinceNs > one.killAfterNs) {
      endExecutor(one.task, "has ignored its interrupt");
    }
  }

  /** Ends this process, unless it is the driver. */
  static void endExecutor(RemoteTask task, String why) {
    if (task.pool().killAfterMs() > 0) {
      System.err.println("Interlock: " + task + " " + why + "; this executor ends.");
      System.err.flush();
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  /** False if there was none for so long that the thread ends. */
  private static boolean waitForWork() {
    try {
      synchronized (KillWatch.class) {
        long startNs = System.nanoTime();
        KillWatch.class.wait(watched.isEmpty() ? IDLE_MS : PERIOD_MS);
        if (watched.isEmpty() && System.nanoTime() - startNs >= IDLE_MS * 1_000_000) {
          looking = false;
          return false;
        }
        return true;
      }
    } catch (InterruptedException e) {
      return true; // nobody's business: it is a thread of our own
    }
  }
}
