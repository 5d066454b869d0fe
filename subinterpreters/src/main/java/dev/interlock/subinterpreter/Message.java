// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What travels through an interpreter's queues: the number of a {@link Flight}, and behind it the
 * capsule or the outcome, unless that goes by reference. An empty message asks the interpreter to
 * end.
 */
final class Message {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  static final byte[] STOP = new byte[0];

  private Message() {}

  /** A message with the payload; null sends only the number. */
  static byte[] of(long flight, byte @Nullable [] payload) {
    int length = payload == null ? 0 : payload.length;
    byte[] message = new byte[Long.BYTES + length];
    LONG.set(message, 0, flight);
    if (payload != null) {
      System.arraycopy(payload, 0, message, Long.BYTES, length);
    }
    return message;
  }

  static boolean isStop(byte[] message) {
    return message.length == 0;
  }

  static long flight(byte[] message) {
    return (long) LONG.get(message, 0);
  }

  /** The payload; null if it goes by reference. */
  static byte @Nullable [] payload(byte[] message) {
    return message.length == Long.BYTES
        ? null
        : Arrays.copyOfRange(message, Long.BYTES, message.length);
  }
}
