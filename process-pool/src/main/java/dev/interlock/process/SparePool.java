// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Children that are started ahead, connected and warmed up, for all executors of this process whose
 * children are started alike. What CPython's forkserver is for; but a spare starts fresh.
 *
 * <p><b>Lifecycle.</b> The first executor that joins makes the pool, which has a thread of its own.
 * The thread starts spares one after the other, some time after one was taken and rather not while
 * the machine is busy; it ends them, and itself, when no executor has been there for so long. A
 * spare that dies is replaced, later each time. Whoever finds none ready takes the one that is just
 * being started, or starts a child of its own.
 *
 * <p><b>Concurrency.</b> {@code POOLS} is the one lock of all pools and guards all their fields; it
 * is held for a few steps in memory. Every change that is waited for is followed by {@code
 * notifyAll} under it, and who waits looks again under it, so no wake-up is lost. No child is
 * started, met or killed under it.
 */
final class SparePool implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(SparePool.class);
  private static final Map<Key, SparePool> POOLS = new HashMap<>();
  private static final int WARM_UP_ROUNDS = 20;

  /** So many classes of first tasks are loaded ahead: those that came last. */
  private static final int MOST_CLASSES = 16;

  /** What the name of a lambda's class has behind that of the class which made it. */
  private static final String LAMBDA = "$$Lambda";

  /** So long the one who took a spare has the machine for itself. */
  private static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** So much longer a busy machine puts a replacement off. */
  private static final long LONGEST_REST_NS = TimeUnit.SECONDS.toNanos(2);

  private static final long FIRST_BACK_OFF_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long LONGEST_BACK_OFF_NS = TimeUnit.SECONDS.toNanos(30);
  private static final int MOST_DOUBLINGS = 10;
  private static final long GLANCE_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * What must be equal for executors to share spares.
   *
   * @param maxFrameBytes a child is told it when it starts
   */
  record Key(
      ChildArguments arguments,
      JavaHome java,
      EnvironmentChanges environment,
      @Nullable Path workingDirectory,
      int maxFrameBytes) {}

  /** A spare that waits. */
  private record Spare(StartedChild child) {
    boolean isAlive() {
      return child.process().isAlive();
    }
  }

  private final Key key;
  private final ScratchDirectory scratch;
  private final ChildSpawner spawner;
  private final ProcessOptions options;
  private final ArrayDeque<Spare> ready = new ArrayDeque<>();
  private final List<Spare> dead = new ArrayList<>();
  private final List<Integer> wanted = new ArrayList<>();
  private final Set<String> firstClasses = new LinkedHashSet<>();
  private int target;
  private int lastNumber;
  private boolean starting;
  private boolean promised;
  private boolean closed;
  private int failures;
  private long restUntilNs = System.nanoTime();
  private long busyUntilNs = System.nanoTime();
  private long idleUntilNs = System.nanoTime();
  private Duration idle = Duration.ZERO;

  private SparePool(
      Key key, ScratchDirectory scratch, ChildArguments arguments, ProcessOptions options) {
    this.key = key;
    this.scratch = scratch;
    this.options = options;
    this.spawner = new ChildSpawner(scratch::folder, arguments, options, OutputRoute.NOWHERE);
  }

  /**
   * The pool for children of this kind; the caller is to {@link #leave} it.
   *
   * @param count how many spares the caller wants to be there
   */
  static SparePool join(ChildArguments arguments, ProcessOptions options, int count)
      throws IOException {
    StartOptions start = options.start();
    Key key =
        new Key(
            arguments,
            start.java(),
            start.environment(),
            start.workingDirectory(),
            options.maxFrameBytes());
    synchronized (POOLS) {
      SparePool pool = POOLS.get(key);
      if (pool == null) {
        ScratchDirectory scratch = ScratchDirectory.create();
        pool = new SparePool(key, scratch, arguments, options);
        POOLS.put(key, pool);
        Thread thread = new Thread(pool, "interlock-spares");
        thread.setDaemon(true);
        thread.start();
      }
      pool.wanted.add(count);
      pool.target = Collections.max(pool.wanted);
      pool.idle = start.spareIdle();
      POOLS.notifyAll();
      return pool;
    }
  }

  /** The executor that wanted so many needs no more. */
  void leave(int count) {
    synchronized (POOLS) {
      wanted.remove(Integer.valueOf(count));
      target = wanted.isEmpty() ? target : Collections.max(wanted);
      idleUntilNs = System.nanoTime() + idle.toNanos();
      POOLS.notifyAll();
    }
  }

  /** An executor's first task is of this class: the next spares load it ahead. */
  void firstTask(Class<?> type) {
    String name = type.getName();
    int lambda = name.indexOf(LAMBDA);
    String loaded = lambda < 0 ? name : name.substring(0, lambda);
    synchronized (POOLS) {
      firstClasses.remove(loaded);
      firstClasses.add(loaded);
      if (firstClasses.size() > MOST_CLASSES) {
        firstClasses.remove(firstClasses.iterator().next());
      }
    }
  }

  private List<String> firstClasses() {
    synchronized (POOLS) {
      return List.copyOf(firstClasses);
    }
  }

  /**
   * A child that lives, is connected and has run something; or null if there is none and none is
   * about to be, or not in half of the time: the rest is for a child of the caller's own. The
   * caller owns it.
   */
  @Nullable StartedChild take(ChildOwner owner, Deadline deadline) {
    synchronized (POOLS) {
      StartedChild taken = pollAlive();
      if (taken == null && starting && !promised && failures == 0) {
        promised = true;
        long ownStartNs = deadline.remainingNs() / 2;
        while (taken == null
            && starting
            && !owner.isUnwanted()
            && deadline.remainingNs() > ownStartNs) {
          await(GLANCE_NS);
          taken = pollAlive();
        }
        promised = false;
      }
      if (taken != null) {
        failures = 0;
        restUntilNs = System.nanoTime() + REST_NS;
        busyUntilNs = restUntilNs + LONGEST_REST_NS;
        POOLS.notifyAll();
      }
      return taken;
    }
  }

  private @Nullable StartedChild pollAlive() {
    setDeadApart();
    Spare spare = ready.poll();
    return spare == null ? null : spare.child();
  }

  /** Whether there were any. */
  private boolean setDeadApart() {
    return ready.removeIf(spare -> !spare.isAlive() && dead.add(spare));
  }

  private static void await(long ns) {
    try {
      TimeUnit.NANOSECONDS.timedWait(POOLS, ns);
    } catch (InterruptedException e) {
      log.debug("An interrupt that nobody can have meant", e);
    }
  }

  // The pool's thread.

  @Override
  public void run() {
    for (String name = nextSpare(); name != null; name = nextSpare()) {
      bury();
      Spare spare = start(name);
      synchronized (POOLS) {
        starting = false;
        if (spare == null) {
          backOff();
        } else {
          ready.add(spare);
        }
        POOLS.notifyAll();
      }
    }
    end();
  }

  private void backOff() {
    long ns = FIRST_BACK_OFF_NS << Math.min(failures, MOST_DOUBLINGS);
    failures++;
    restUntilNs = System.nanoTime() + Math.min(LONGEST_BACK_OFF_NS, ns);
  }

  private void bury() {
    List<Spare> gone;
    synchronized (POOLS) {
      gone = List.copyOf(dead);
      dead.clear();
    }
    for (Spare spare : gone) {
      log.warn("{} died while it waited", spare.child().process().describe());
      discard(spare.child().process(), spare.child());
    }
  }

  /** Waits until a spare is to be started; null when the pool is to end. */
  private @Nullable String nextSpare() {
    synchronized (POOLS) {
      while (!closed) {
        long now = System.nanoTime();
        boolean unused = wanted.isEmpty();
        if (setDeadApart()) {
          backOff();
        }
        if (unused && now - idleUntilNs >= 0) {
          closed = true;
          POOLS.remove(key);
        } else if (ready.size() >= target) {
          await(unused ? idleUntilNs - now : Long.MAX_VALUE);
        } else if (now - restUntilNs < 0) {
          await(restUntilNs - now);
        } else if (now - busyUntilNs < 0 && MachineLoad.isHigh()) {
          await(REST_NS);
        } else {
          starting = true;
          return "spare-" + ++lastNumber;
        }
      }
      return null;
    }
  }

  private @Nullable Spare start(String name) {
    SpareOwner owner = new SpareOwner(name);
    Deadline deadline = Deadline.after(options.startTimeout());
    try {
      StartedChild child = spawner.take(owner, deadline);
      owner.begun = child;
      if (!child.end().connect()) {
        throw new IOException("it ended before it was connected");
      }
      warmUp(child.end(), deadline);
      child.process().onExit(SparePool::wakeUp);
      return new Spare(child);
    } catch (IOException | RuntimeException e) {
      log.warn("{} did not start and is tried again: {}", name, e.getMessage());
      log.debug("The cause", e);
      owner.discard();
      return null;
    }
  }

  private void warmUp(ParentEnd end, Deadline deadline) throws IOException {
    FrameChannel tasks = end.tasks();
    tasks.readUntil(deadline);
    try {
      WarmUp.run(end, WARM_UP_ROUNDS);
      WarmUp.load(end, firstClasses());
    } catch (SocketTimeoutException e) {
      throw new IOException(
          "it was not warm within interlock.process-pool.start-timeout = "
              + deadline.limit()
              + ". See whether a file system on its class path hangs",
          e);
    }
    tasks.readUntil(null);
  }

  private static void wakeUp() {
    synchronized (POOLS) {
      POOLS.notifyAll();
    }
  }

  private void end() {
    bury();
    List<Spare> left;
    synchronized (POOLS) {
      left = List.copyOf(ready);
      ready.clear();
    }
    left.forEach(spare -> spare.child().process().kill());
    left.forEach(spare -> discard(spare.child().process(), spare.child()));
    try {
      scratch.close();
    } catch (IOException e) {
      log.warn("Cannot delete {}; the next start will", scratch, e);
    }
  }

  private static void discard(ChildProcess process, @Nullable StartedChild child) {
    process.kill();
    process.awaitEnd(Duration.ZERO);
    try {
      if (child != null) {
        child.end().close();
      }
    } catch (IOException e) {
      log.debug("The channels of {} did not close well", process.describe(), e);
    }
  }

  /** A spare belongs to nobody yet. */
  private static final class SpareOwner implements ChildOwner {
    private final String name;
    private @Nullable ChildProcess process;
    private @Nullable StartedChild begun;

    SpareOwner(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String threadName() {
      return "interlock-" + name;
    }

    @Override
    public void started(ChildProcess child) {
      process = child;
    }

    @Override
    public boolean isUnwanted() {
      return false;
    }

    void discard() {
      ChildProcess started = process;
      if (started != null) {
        SparePool.discard(started, begun);
      }
    }
  }
}
