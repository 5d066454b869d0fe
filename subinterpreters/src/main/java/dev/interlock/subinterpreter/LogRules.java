// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/** What a {@link MessageLog} may hold, and what it drops. */
interface LogRules {
  /** No limit to the messages in a log. */
  long UNBOUNDED = Long.MAX_VALUE;

  /** Holds what the disk holds and drops nothing. */
  LogRules NONE = message -> Verdict.DELIVER;

  /** What becomes of a message that was read. */
  enum Verdict {
    /** The reader gets it. */
    DELIVER,
    /** Nobody gets it. */
    DROP,
    /** Nobody gets it, and {@link MessageLog#discount} has said so before. */
    DROP_DISCOUNTED
  }

  /** Called for each message that was read, under the log's read lock. */
  Verdict judge(byte[] message);

  /** How many messages may count at a time. */
  default long maxMessages() {
    return UNBOUNDED;
  }

  /** How many bytes the files may take; at least {@link LogWriter#LEAST_DISK_BYTES}. */
  default long maxDiskBytes() {
    return UNBOUNDED;
  }
}
