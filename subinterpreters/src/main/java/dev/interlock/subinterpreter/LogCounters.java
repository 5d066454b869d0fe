// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How far a log has been written and read, counted in messages since it was created. In memory, or
 * in a mapped file that outlives the process and that two processes share.
 *
 * <p>Each counter has one writer at a time and any number of readers; all accesses are volatile but
 * one. They lie on cache lines of their own, because appenders write one and readers the others.
 */
final class LogCounters {
  static final int BYTES = 4096;

  private static final int APPENDED = 256;
  private static final int READ = 512;
  private static final int FREED = 520;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final ByteBuffer memory;

  /**
   * @param memory direct, {@link #BYTES} long, zeros or what was here before
   */
  LogCounters(ByteBuffer memory) {
    this.memory = memory;
  }

  /** Counters that end with the process. */
  static LogCounters inMemory() {
    return new LogCounters(ByteBuffer.allocateDirect(BYTES));
  }

  /** Whole messages appended; written under the append lock. */
  long appended() {
    return (long) LONG.getVolatile(memory, APPENDED);
  }

  void appended(long messages) {
    LONG.setVolatile(memory, APPENDED, messages);
  }

  /** Messages taken out of the files; written under the read lock. */
  long read() {
    return (long) LONG.getVolatile(memory, READ);
  }

  void read(long messages) {
    LONG.setVolatile(memory, READ, messages);
  }

  /**
   * Messages that no longer count: those read, and those still in the files that nobody will get.
   * Written under the read lock.
   */
  long freed() {
    return (long) LONG.getVolatile(memory, FREED);
  }

  /** Before {@link #read(long)}, which makes it visible to whoever is about to wait for room. */
  void freed(long messages) {
    LONG.setRelease(memory, FREED, messages);
  }
}
