// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * The reading end of a {@link Ring}. What the other side has written is checked before it is used:
 * positions and lengths are read once, and must lie within the ring. Not thread-safe.
 */
final class RingReader {
  private final Ring ring;
  private long head;
  private int length;
  private long id;

  RingReader(Ring ring) {
    this.ring = ring;
  }

  boolean isEmpty() {
    return ring.tailAcquire() == head;
  }

  /**
   * Looks at the next record, which stays the next one until {@link #release}.
   *
   * @return false if there is none
   * @throws ProtocolException if what is there is no record
   */
  boolean next() throws ProtocolException {
    long written = ring.tailAcquire() - head;
    if (written == 0) {
      return false;
    }
    if (written < 0 || written > ring.capacity() || written % Ring.ALIGNMENT != 0) {
      throw new ProtocolException("a ring of " + ring.capacity() + " bytes that holds " + written);
    }
    length = ring.lengthAt(head);
    if (length < Ring.ELSEWHERE
        || length > Ring.LARGEST_PAYLOAD_BYTES
        || Ring.recordBytes(length) > written) {
      throw new ProtocolException("a record of " + length + " bytes in a ring of " + written);
    }
    id = ring.idAt(head);
    return true;
  }

  long id() {
    return id;
  }

  int word() {
    return ring.wordAt(head);
  }

  /** Whether the payload comes over the socket. */
  boolean isElsewhere() {
    return length == Ring.ELSEWHERE;
  }

  /** A copy of the payload. */
  byte[] payload() {
    return ring.readPayload(head, length);
  }

  /** Claims the task for this side; false if it was taken back. */
  boolean claim() {
    return ring.swapWord(head, Claim.OFFERED, Claim.TAKEN);
  }

  /** Done with the record: its space may be written again. */
  void release() {
    head += Ring.recordBytes(length);
    ring.headRelease(head);
  }

  /** Whether the writer waits for space: who is told true must send a bell. */
  boolean wakesWriter() {
    return ring.answer(Ring.WAITING);
  }

  /**
   * Says that this side is about to block.
   *
   * @return false if a record has come meanwhile; true if a bell will be sent for the next one, or
   *     is under way
   */
  boolean fallAsleep() {
    ring.raise(Ring.SLEEPING);
    return isEmpty() || !ring.lower(Ring.SLEEPING);
  }

  /** Says that this side is awake: no bell is needed. One may be under way. */
  void wakeUp() {
    ring.lower(Ring.SLEEPING);
  }
}
