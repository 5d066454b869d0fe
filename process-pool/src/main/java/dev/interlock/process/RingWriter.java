// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import org.jspecify.annotations.Nullable;

/** The writing end of a {@link Ring}. Not thread-safe. */
final class RingWriter {
  private final Ring ring;
  private long tail;

  /** As last seen. Space before it may have been written again; space behind it has not. */
  private long head;

  RingWriter(Ring ring) {
    this.ring = ring;
  }

  /** Where the next record will be. */
  long position() {
    return tail;
  }

  /**
   * Writes a record.
   *
   * @param payload null if it goes over the socket
   * @return false if there is no space for it
   * @throws ProtocolException if the other side has spoilt the ring
   */
  boolean write(int word, long id, byte @Nullable [] payload) throws ProtocolException {
    int length = payload == null ? Ring.ELSEWHERE : payload.length;
    int bytes = Ring.recordBytes(length);
    if (tail + bytes - head > ring.capacity() && unreadBytes() + bytes > ring.capacity()) {
      return false;
    }
    ring.writeHeader(tail, length, word, id);
    if (payload != null) {
      ring.writePayload(tail, payload);
    }
    tail += bytes;
    ring.tailRelease(tail);
    return true;
  }

  /** How much the other side had not read when its position was looked at last. */
  int lastUnreadBytes() {
    return (int) (tail - head);
  }

  /** How much the other side has not read yet. */
  int unreadBytes() throws ProtocolException {
    long now = ring.headAcquire();
    if (now < head || now > tail) {
      throw new ProtocolException("a ring that was read to " + now + " of " + tail);
    }
    head = now;
    return (int) (tail - now);
  }

  /** Whether the reader sleeps: who is told true must send a bell. */
  boolean wakesReader() {
    return ring.answer(Ring.SLEEPING);
  }

  /**
   * Before a wait for space: false if there is space for such a record now, or a bell is under way
   * that must be read.
   */
  boolean mustWaitFor(int payloadBytes) throws ProtocolException {
    ring.raise(Ring.WAITING);
    return unreadBytes() + Ring.recordBytes(payloadBytes) > ring.capacity()
        || !ring.lower(Ring.WAITING);
  }

  /** Whether the reader has claimed, or passed, the record at this position. */
  boolean isTaken(long position) {
    return position < head || ring.wordAt(position) == Claim.TAKEN;
  }

  /** Takes a record back; false if the reader has it. */
  boolean revoke(long position) {
    // Behind the last head seen nothing was written again, so the word is still this record's.
    return position >= head && ring.swapWord(position, Claim.OFFERED, Claim.REVOKED);
  }
}
