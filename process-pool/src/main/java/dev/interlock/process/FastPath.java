// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.nio.ByteBuffer;

/**
 * The parent's ends of the two rings that it shares with one child. The {@link OutcomeReader}'s
 * lock guards {@link #outcomes}, {@link InFlight} the rest; {@link #maySpin} is a hint for anybody.
 */
final class FastPath {
  /** A child that is not idle has at most so much before it that it has not taken. */
  private static final int MOST_UNREAD_BYTES = 48 << 10;

  private final RingWriter tasks;
  private final RingReader outcomes;
  private final SpinGrant spin;

  FastPath(ByteBuffer memory) {
    tasks = new RingWriter(RingFile.tasks(memory));
    outcomes = new RingReader(RingFile.outcomes(memory));
    spin = new SpinGrant(memory);
  }

  RingReader outcomes() {
    return outcomes;
  }

  SpinGrant spin() {
    return spin;
  }

  boolean maySpin() {
    return spin.isGranted();
  }

  /** Whether a task's payload is too large for the ring, and only its record goes there. */
  static boolean isLarge(int capsuleBytes) {
    return capsuleBytes > Ring.LARGEST_PAYLOAD_BYTES;
  }

  /** Puts the task into the ring; false if there is no space. */
  boolean offer(Assignment task, byte[] capsule) throws ProtocolException {
    long position = tasks.position();
    if (!tasks.write(Claim.OFFERED, task.delivery(), isLarge(capsule.length) ? null : capsule)) {
      return false;
    }
    task.isAt(position);
    return true;
  }

  /** How many more bytes may go behind what the child has not taken yet. */
  int roomBytes() throws ProtocolException {
    return MOST_UNREAD_BYTES - tasks.unreadBytes();
  }

  /** Whether so much may go behind what the child has not taken yet. */
  boolean hasRoomFor(int bytes) throws ProtocolException {
    // Its position is looked at only when that matters: the child writes it all the time.
    return bytes <= MOST_UNREAD_BYTES - tasks.lastUnreadBytes() || bytes <= roomBytes();
  }

  /** Whether the child sleeps: who is told true must ring. */
  boolean wakesChild() {
    return tasks.wakesReader();
  }

  /** Whether the child has started this task, which is in flight. */
  boolean isTaken(Assignment task) {
    return tasks.isTaken(task.position());
  }

  /** Takes back a task that is in flight; false if the child has started it. */
  boolean revoke(Assignment task) {
    return task.isInRing() && tasks.revoke(task.position());
  }
}
