// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import dev.interlock.gil.SwitchObserver;
import dev.interlock.gil.dis.CodeObject;
import dev.interlock.gil.dis.Disassembler;
import dev.interlock.gil.dis.Instruction;
import dev.interlock.gil.instrument.Site;
import dev.interlock.gil.instrument.Sites;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sees who increments. A turn of a thread lasts from the begin of its task, or from when it gets
 * the lock back inside one, until it hands the lock over or the task ends. Two turns at a time
 * would mean two holders of the lock; a number that changed while a thread was without the lock,
 * right before its write, means a lost update.
 *
 * <p>What it does in a task is short and calls nothing behind which there is a check: the lock
 * should change hands in the increment, not here. Everything but {@code running} and {@code
 * overlaps} is guarded by the interpreter lock.
 */
final class HandOverWatch implements SwitchObserver {
  private static final String COUNTER = Counter.class.getName().replace('.', '/');
  private static final int TURNS_KEPT = 1 << 12;

  private final CodeObject increment = Disassembler.of(Counter.class, "increment");

  /** Identifies the thread that has a turn; 0 if none has. */
  private final AtomicInteger running = new AtomicInteger();

  private final AtomicInteger overlaps = new AtomicInteger();
  private final Map<Thread, Pause> pauses = new HashMap<>();

  /** The last turns, in a ring. */
  private final @Nullable Thread[] turns = new @Nullable Thread[TURNS_KEPT];

  private int turn;
  private long switches;
  private String interval = "";
  private @Nullable LostUpdate lostUpdate;

  /**
   * A thread is without the lock in the middle of a task.
   *
   * @param num the number when it handed over
   * @param turn how many turns there had been by then
   */
  private record Pause(int num, int turn) {}

  /** Before the tasks of a row. */
  void nowAt(Duration switchInterval) {
    interval = SwitchIntervals.written(switchInterval);
    switches = 0;
  }

  /** The task. */
  void increment() {
    int me = System.identityHashCode(Thread.currentThread());
    if (!running.compareAndSet(0, me)) {
      overlaps.incrementAndGet();
    }
    turns[turn++ % TURNS_KEPT] = Thread.currentThread();
    Counter.increment();
    if (!running.compareAndSet(me, 0)) {
      overlaps.incrementAndGet();
    }
  }

  @Override
  public void beforeSwitch(int site) {
    Thread me = Thread.currentThread();
    if (running.compareAndSet(System.identityHashCode(me), 0)) {
      switches++;
      pauses.put(me, new Pause(Counter.num, turn));
    }
  }

  @Override
  public void afterSwitch(int site) {
    Thread me = Thread.currentThread();
    @Nullable Pause pause = pauses.remove(me);
    if (pause == null) { // it was not inside a task
      return;
    }
    if (!running.compareAndSet(0, System.identityHashCode(me))) {
      overlaps.incrementAndGet();
    }
    @Nullable Site access = Sites.at(site);
    if (lostUpdate == null
        && pause.num() != Counter.num
        && access != null
        && access.className().equals(COUNTER)
        && access.kind() == Site.Kind.WRITE) {
      lostUpdate = lost(access, pause);
    }
    turns[turn++ % TURNS_KEPT] = me;
  }

  private LostUpdate lost(Site write, Pause pause) {
    Instruction read =
        increment.instructions().stream()
            .filter(one -> one.offset() < write.offset() && one.mnemonic().equals("getstatic"))
            .reduce((one, later) -> later)
            .orElseThrow();
    return new LostUpdate(
        interval,
        Thread.currentThread().getName(),
        write.line(),
        read.mnemonic() + " " + field(read),
        read.offset(),
        write.instruction(),
        write.offset(),
        pause.num(),
        turnsSince(pause),
        Counter.num);
  }

  /** What it reads: {@code Counter.num}, without its type. */
  private static String field(Instruction access) {
    return access.meaning().substring(0, access.meaning().indexOf(':'));
  }

  private List<String> turnsSince(Pause pause) {
    return IntStream.range(Math.max(pause.turn(), turn - TURNS_KEPT), turn)
        .mapToObj(past -> turns[past % TURNS_KEPT])
        .map(thread -> String.valueOf(thread == null ? null : thread.getName()))
        .distinct()
        .toList();
  }

  /** How often threads handed the lock over inside increments, at this interval. */
  long switches() {
    return switches;
  }

  /**
   * The first update that was seen to be lost; to be asked for when no task runs.
   *
   * @return null if none was
   */
  @Nullable LostUpdate lostUpdate() {
    return lostUpdate;
  }

  /**
   * Checks that no two threads had a turn at once.
   *
   * @throws IllegalStateException if two had
   */
  void requireOneHolder() {
    if (overlaps.get() != 0) {
      throw new IllegalStateException(
          "The interpreter lock had two holders at once, " + overlaps + " times.");
    }
  }
}
