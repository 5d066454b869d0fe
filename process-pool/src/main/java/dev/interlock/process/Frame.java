// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * A message between parent and child: on the wire, the payload's length in four bytes, the kind in
 * one, the id in eight, and the payload.
 *
 * @param id the delivery of a task, or the channel's role in {@link Kind#HELLO}; 0 where there is
 *     none
 */
@SuppressWarnings("ArrayRecordComponent") // frames are not compared
record Frame(Kind kind, long id, byte[] payload) {
  static final int HEADER_BYTES = 13;
  private static final byte[] NOTHING = {};
  private static final Kind[] KINDS = Kind.values();

  enum Kind {
    /** Child to parent, first on each channel: proves by the token whose child it is. */
    HELLO(1),
    /** Parent to child: a capsule to run before any task. */
    INITIALIZE(2),
    /** Parent to child: a capsule to run. */
    TASK(3),
    /** Child to parent: what became of a capsule. */
    OUTCOME(4),
    /** Parent to child, on the control channel: interrupt the task of this delivery if it runs. */
    CANCEL(5),
    /** Parent to child: end. */
    STOP(6),
    /** Child to parent: the task of this delivery gets on; the payload is its words. */
    PROGRESS(7),
    /** Child to parent: the task of this delivery, which has a limit, begins. */
    BEGUN(9),
    /** Child to parent, by stdout: its JVM runs, and reads its stdin. */
    READY(10),
    /** Parent to child, before any task: where the files beside frames are. */
    BUFFERS(8),
    /** Either way, on the tasks channel: look at the ring. */
    BELL(16),
    /** Parent to child: map the file with this path; tasks will come by its ring. */
    ATTACH(17),
    /** Child to parent: it is mapped. */
    ATTACHED(18),
    /** Child to parent: it cannot be mapped, for this reason; the child stays with the socket. */
    REFUSED(19);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    byte code() {
      return code;
    }

    static Kind ofCode(byte code) throws ProtocolException {
      for (Kind kind : KINDS) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new ProtocolException("a frame of unknown kind " + code);
    }
  }

  static Frame bare(Kind kind, long id) {
    return new Frame(kind, id, NOTHING);
  }
}
