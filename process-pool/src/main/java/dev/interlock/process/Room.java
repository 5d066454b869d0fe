// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * What may be sent to a child now.
 *
 * @param tasks how many
 * @param bytes how many bytes of the ring they may take, unless nothing else is in flight
 * @param closed whether nothing will ever be sent again
 */
record Room(int tasks, int bytes, boolean closed) {
  static final Room CLOSED = new Room(0, 0, true);

  /** One task that is short enough. */
  static final Room OF_STDIN =
      new Room(1, Ring.recordBytes(StdioFrames.LARGEST_PAYLOAD_BYTES), false);

  /** Nothing more is to be sent, though it could be. */
  static final Room NONE = new Room(0, 0, false);

  /** Whether there will be room once something that was sent has ended. */
  boolean isFull() {
    return tasks <= 0 && !closed;
  }
}
