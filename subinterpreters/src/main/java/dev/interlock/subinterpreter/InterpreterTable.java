// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.spi.WorkerScope;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The interpreters of this process by their ids, those of executors included. An id is never used
 * twice; 0 is the main interpreter's, which is the application itself.
 *
 * <p>Of each there is one handle as long as anybody has it. The table itself keeps none in reach.
 * Thread-safe.
 */
final class InterpreterTable {
  /** The application's id. */
  static final long MAIN = 0;

  private static final AtomicLong lastId = new AtomicLong(MAIN);
  private static final Map<Long, Entry> live = new ConcurrentSkipListMap<>();
  private static final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();

  static {
    live.put(MAIN, new Entry(MAIN, Whence.RUNTIME, "the application", () -> true));
  }

  /** One interpreter that has not ended. Its lock guards the reference to the handle. */
  static final class Entry {
    final long id;
    final Whence whence;
    final String name;
    private final BooleanSupplier running;
    private @Nullable WeakReference<Interpreter> handle;

    private Entry(long id, Whence whence, String name, BooleanSupplier running) {
      this.id = id;
      this.whence = whence;
      this.name = name;
      this.running = running;
    }

    boolean isRunning() {
      return running.getAsBoolean();
    }

    /** The first handle, which its maker keeps. */
    synchronized void handledBy(Interpreter first) {
      handle = new WeakReference<>(first);
    }

    /** The handle; null if the interpreter's own was dropped, which is about to close it. */
    synchronized @Nullable Interpreter handle() {
      Interpreter known = handle == null ? null : handle.get();
      if (known == null && whence != Whence.MODULE) {
        known = new Interpreter(this);
        handle = new WeakReference<>(known);
      }
      return known;
    }
  }

  private InterpreterTable() {}

  /**
   * Adds an interpreter and gives it its id.
   *
   * @param name null for one after its id
   * @param running whether it runs code now; asked from any thread
   */
  static Entry add(Whence whence, @Nullable String name, BooleanSupplier running) {
    long id = lastId.incrementAndGet();
    Entry entry = new Entry(id, whence, name == null ? "interpreter-" + id : name, running);
    live.put(entry.id, entry);
    return entry;
  }

  /** The interpreter has ended and runs no more code; tells the listeners, the first time. */
  static void remove(long id) {
    if (live.remove(id) != null) {
      listeners.forEach(listener -> listener.accept(id));
    }
  }

  /** Whether it has not ended; true for {@link #MAIN}. */
  static boolean isLive(long id) {
    return live.containsKey(id);
  }

  /** Has {@code listener} told the ids of interpreters that end from now on, on any thread. */
  static void onRemove(LongConsumer listener) {
    listeners.add(listener);
  }

  /**
   * The id of the interpreter whose code the current thread runs: the one whose thread it is, or
   * the one in which it was started.
   */
  static long current() {
    if (WorkerScope.current() instanceof InterpreterScope scope) {
      return scope.id();
    }
    return Thread.currentThread().getContextClassLoader() instanceof InterpreterLoader loader
        ? loader.interpreter()
        : MAIN;
  }

  /** The handle of an interpreter; null if there is none. */
  static @Nullable Interpreter handle(long id) {
    Entry entry = live.get(id);
    return entry == null ? null : entry.handle();
  }

  /** The handles, in the order of the ids. */
  static List<Interpreter> handles() {
    List<Interpreter> handles = new ArrayList<>();
    for (Entry entry : live.values()) {
      Interpreter handle = entry.handle();
      if (handle != null) {
        handles.add(handle);
      }
    }
    return handles;
  }
}
