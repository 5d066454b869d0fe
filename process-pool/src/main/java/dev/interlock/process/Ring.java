// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Records from one process to another in shared memory: one writer, one reader. {@link RingWriter}
 * and {@link RingReader} are its two ends; this class is what both see.
 *
 * <pre>
 * control:  tail | head | sleeping | waiting      each on cache lines of its own
 * data:     ... | length (4) word (4) id (8) payload | length word id payload | ...
 *                ^ head: read up to here                                       ^ tail: written up to here
 * </pre>
 *
 * <p>Positions only grow; a position's place is its remainder by the capacity. Records begin at
 * multiples of 16, so that their first 16 bytes are never cut in two by the end of the memory;
 * payloads may be. The word of a task is its {@link Claim}; that of an outcome is how long the task
 * ran. A length of -1 says that the payload comes over the socket.
 *
 * <p><b>Sleep and wake.</b> A reader that finds nothing sets {@code sleeping}, issues a full fence,
 * looks again, and only then blocks on the socket. A writer publishes the tail, issues a full
 * fence, looks at {@code sleeping}, and who swaps it from 1 to 0 sends one bell over the socket.
 * Fences order each side's store before its load, so at least one of the two sees the other's
 * store: the reader sees the record and does not block, or the writer sees {@code sleeping} and
 * rings. A reader that cannot take its {@code sleeping} back knows that a bell is under way, and
 * reads it. So no wake-up is lost, and never more than one bell is unread. A writer that finds the
 * ring full waits in the same way: {@code waiting} is its flag, and the reader rings after it has
 * given space back.
 *
 * <p><b>Memory order.</b> Tail and head are published with release and read with acquire; so what a
 * record holds is written before it is read, and read before it is overwritten.
 */
final class Ring {
  static final int ALIGNMENT = 16;
  static final int RECORD_HEADER_BYTES = 16;
  static final int CONTROL_BYTES = 512;

  /** A larger payload goes over the socket. */
  static final int LARGEST_PAYLOAD_BYTES = 16 << 10;

  /** The length of a record whose payload comes over the socket. */
  static final int ELSEWHERE = -1;

  private static final int TAIL = 0;
  private static final int HEAD = 128;
  static final int SLEEPING = 256;
  static final int WAITING = 384;

  private static final VarHandle INT =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final ByteBuffer memory;
  private final int control;
  private final int data;
  private final int capacity;

  /**
   * @param memory direct memory, aligned for longs
   * @param control where the control words are
   * @param data where the records are
   * @param capacity bytes for records, a power of two
   */
  Ring(ByteBuffer memory, int control, int data, int capacity) {
    if (Integer.bitCount(capacity) != 1 || capacity < ALIGNMENT) {
      throw new IllegalArgumentException("capacity is " + capacity);
    }
    this.memory = memory;
    this.control = control;
    this.data = data;
    this.capacity = capacity;
  }

  int capacity() {
    return capacity;
  }

  /** The space that a record takes whose payload has this length. */
  static int recordBytes(int length) {
    return RECORD_HEADER_BYTES + (Math.max(length, 0) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  long tailAcquire() {
    return (long) LONG.getAcquire(memory, control + TAIL);
  }

  void tailRelease(long position) {
    LONG.setRelease(memory, control + TAIL, position);
  }

  long headAcquire() {
    return (long) LONG.getAcquire(memory, control + HEAD);
  }

  void headRelease(long position) {
    LONG.setRelease(memory, control + HEAD, position);
  }

  /** Sets {@link #SLEEPING} or {@link #WAITING}, before whatever this thread reads next. */
  void raise(int flag) {
    INT.setVolatile(memory, control + flag, 1);
    VarHandle.fullFence();
  }

  /** Takes the flag back; false if the other side has taken it first. */
  boolean lower(int flag) {
    return INT.compareAndSet(memory, control + flag, 1, 0);
  }

  /**
   * Whether the other side has raised the flag, seen after all that this thread has written. Who is
   * told true must send a bell.
   */
  boolean answer(int flag) {
    VarHandle.fullFence();
    return (int) INT.getOpaque(memory, control + flag) != 0 && lower(flag);
  }

  // One record, by its position.

  int lengthAt(long position) {
    return (int) INT.get(memory, at(position));
  }

  int wordAt(long position) {
    return (int) INT.getVolatile(memory, at(position) + Integer.BYTES);
  }

  boolean swapWord(long position, int expected, int next) {
    return INT.compareAndSet(memory, at(position) + Integer.BYTES, expected, next);
  }

  long idAt(long position) {
    return (long) LONG.get(memory, at(position) + Long.BYTES);
  }

  void writeHeader(long position, int length, int word, long id) {
    int at = at(position);
    INT.set(memory, at, length);
    INT.set(memory, at + Integer.BYTES, word);
    LONG.set(memory, at + Long.BYTES, id);
  }

  void writePayload(long position, byte[] payload) {
    int from = offset(position + RECORD_HEADER_BYTES);
    int first = Math.min(payload.length, capacity - from);
    memory.put(data + from, payload, 0, first);
    memory.put(data, payload, first, payload.length - first);
  }

  byte[] readPayload(long position, int length) {
    byte[] payload = new byte[length];
    int from = offset(position + RECORD_HEADER_BYTES);
    int first = Math.min(length, capacity - from);
    memory.get(data + from, payload, 0, first);
    memory.get(data, payload, first, length - first);
    return payload;
  }

  private int at(long position) {
    return data + offset(position);
  }

  private int offset(long position) {
    return (int) position & (capacity - 1);
  }
}
