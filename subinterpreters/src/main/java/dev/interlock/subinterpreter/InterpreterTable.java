// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.spi.WorkerScope;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * The interpreters of this process by their ids, those of executors included. An id is never used
 * twice; 0 is the main interpreter's, which is the application itself. Thread-safe.
 */
final class InterpreterTable {
  /** The application's id. */
  static final long MAIN = 0;

  private static final AtomicLong lastId = new AtomicLong(MAIN);
  private static final Set<Long> live = ConcurrentHashMap.newKeySet();
  private static final List<LongConsumer> listeners = new CopyOnWriteArrayList<>();

  private InterpreterTable() {}

  /** Adds an interpreter and gives it its id. */
  static long add() {
    long id = lastId.incrementAndGet();
    live.add(id);
    return id;
  }

  /** The interpreter has ended and runs no more code; tells the listeners, the first time. */
  static void remove(long id) {
    if (live.remove(id)) {
      listeners.forEach(listener -> listener.accept(id));
    }
  }

  /** Whether it has not ended; true for {@link #MAIN}. */
  static boolean isLive(long id) {
    return id == MAIN || live.contains(id);
  }

  /** Has {@code listener} told the ids of interpreters that end from now on, on any thread. */
  static void onRemove(LongConsumer listener) {
    listeners.add(listener);
  }

  /** The id of the interpreter whose code the current thread runs. */
  static long current() {
    return WorkerScope.current() instanceof InterpreterScope scope ? scope.id() : MAIN;
  }
}
