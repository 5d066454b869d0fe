// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.TaskRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gathers what was submitted into Spark jobs, on a thread of its own.
 *
 * <p>A job costs about a millisecond and a half whatever is in it, so what is submitted while one
 * is made goes into the next one together. What lies in Spark's queue has not begun, and is still
 * cancelled and drained like what lies here; so a good deal may lie there, and slots never wait for
 * the driver. If the pool may have fewer workers than there are slots, nothing is sent ahead.
 *
 * <p><b>Concurrency.</b> {@code lock} guards all fields. It is not held while a job is submitted. A
 * {@link Parcel} calls with nothing held.
 */
final class Dispatcher implements Runnable {
  /** How long further tasks are waited for while a job is under way. */
  private static final long GATHER_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final int AHEAD_PER_SLOT = 32;
  private static final int LEAST_AHEAD = 64;
  private static final int MOST_AHEAD = 4_096;

  private final SparkExecutor executor;
  private final SharedContext context;
  private final int workers;
  private final int together;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Lane, Traffic> lanes = new EnumMap<>(Lane.class);
  private boolean stopped;

  /** What is in a lane. */
  private static final class Traffic {
    final ArrayDeque<Shipment> waiting = new ArrayDeque<>();
    final Set<Parcel> sent = new HashSet<>();
  }

  Dispatcher(
      SparkExecutor executor, SharedContext context, ExecutorSettings settings, int together) {
    this.executor = executor;
    this.context = context;
    this.workers = settings.workers();
    this.together = together;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new Traffic());
    }
  }

  private Traffic of(Lane lane) {
    return Objects.requireNonNull(lanes.get(lane));
  }

  private int inSpark() {
    return lanes.values().stream().mapToInt(lane -> lane.sent.size()).sum();
  }

  void add(Shipment shipment) {
    lock.lock();
    try {
      of(Lane.of(shipment)).waiting.add(shipment);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Spark has no more to do with it. */
  void ended(Parcel parcel) {
    lock.lock();
    try {
      of(parcel.lane()).sent.remove(parcel);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes out what no executor has begun. */
  List<TaskRun<?>> drain() {
    List<TaskRun<?>> runs = new ArrayList<>();
    List<Parcel> inSpark = new ArrayList<>();
    lock.lock();
    try {
      for (Traffic lane : lanes.values()) {
        inSpark.addAll(lane.sent);
        lane.waiting.forEach(shipment -> runs.add(shipment.run()));
        lane.waiting.clear();
      }
    } finally {
      lock.unlock();
    }
    for (Parcel parcel : inSpark) { // without the lock: who holds a parcel may come for it
      if (parcel.isWaiting()) {
        parcel.shipments().forEach(shipment -> runs.add(shipment.run()));
      }
    }
    return runs;
  }

  /** Spark has ended, and may say nothing more about what it was given. */
  void failSent(Throwable why) {
    List<Parcel> sent = new ArrayList<>();
    lock.lock();
    try {
      lanes.values().forEach(lane -> sent.addAll(lane.sent));
    } finally {
      lock.unlock();
    }
    sent.forEach(parcel -> parcel.jobFailed(why));
  }

  void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    while (true) {
      List<List<Parcel>> jobs = next();
      if (jobs.isEmpty()) {
        return;
      }
      jobs.forEach(job -> context.submit(executor, job));
    }
  }

  /** Waits for tasks and room for them; a job for each lane that has both. Empty at the end. */
  private List<List<Parcel>> next() {
    lock.lock();
    try {
      boolean gathered = false;
      while (true) {
        if (stopped) {
          return List.of();
        }
        if (!hasWork()) {
          gathered = false;
          changed.awaitUninterruptibly();
        } else if (!gathered && inSpark() > 0 && !isFull()) {
          gathered = true;
          gather();
        } else {
          return pack();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void gather() {
    boolean interrupted = false;
    long leftNs = GATHER_NS;
    while (leftNs > 0 && !stopped) {
      try {
        leftNs = changed.awaitNanos(leftNs);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether what waits in some lane takes all the room it has. */
  private boolean isFull() {
    for (Lane lane : Lane.values()) {
      int waiting = of(lane).waiting.size();
      if (waiting > 0 && waiting >= room(lane)) {
        return true;
      }
    }
    return false;
  }

  private boolean hasWork() {
    for (Lane lane : Lane.values()) {
      if (!of(lane).waiting.isEmpty() && room(lane) > 0) {
        return true;
      }
    }
    return false;
  }

  /** How many parcels may be sent now. */
  private int room(Lane lane) {
    int there = of(lane).sent.size();
    if (lane == Lane.SUSPECTS) {
      return 1 - there;
    }
    int slots = context.slots();
    if (workers < slots) {
      return workers - inSpark();
    }
    int window = Math.max(LEAST_AHEAD, Math.min(MOST_AHEAD, AHEAD_PER_SLOT * slots));
    return there > window / 2 ? 0 : window - there; // seldom and much, rather than one by one
  }

  private List<List<Parcel>> pack() {
    List<List<Parcel>> jobs = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      List<Parcel> job = new ArrayList<>();
      ArrayDeque<Shipment> queue = of(lane).waiting;
      for (int room = room(lane); room > 0 && !queue.isEmpty(); room--) {
        Parcel parcel = new Parcel(executor, lane, takeTogether(queue));
        of(lane).sent.add(parcel);
        job.add(parcel);
      }
      if (!job.isEmpty()) {
        jobs.add(job);
      }
    }
    return jobs;
  }

  private List<Shipment> takeTogether(ArrayDeque<Shipment> queue) {
    List<Shipment> taken = new ArrayList<>(1);
    Shipment next = queue.remove();
    long bytes = next.bytes();
    taken.add(next);
    while (taken.size() < together && taken.get(0).isSociable()) {
      next = queue.peek();
      if (next == null || !next.isSociable() || bytes + next.bytes() > context.mostBytes()) {
        break;
      }
      bytes += next.bytes();
      taken.add(queue.remove());
    }
    return taken;
  }
}
