// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes that tasks have most often, in a few bytes: null and single numbers. A frame of any
 * other outcome never begins with a zero: that would be no outcome at all.
 */
final class SmallOutcome {
  private static final byte SMALL = 0;
  private static final int HEADER_BYTES = 2;

  private static final byte NULL = 0;
  private static final byte FALSE = 1;
  private static final byte TRUE = 2;
  private static final byte INTEGER = 3;
  private static final byte LONG = 4;
  private static final byte DOUBLE = 5;

  private SmallOutcome() {}

  /** The form of this outcome; null if it has none. */
  static byte @Nullable [] encode(Outcome<?> outcome) {
    if (!outcome.isSuccess()) {
      return null;
    }
    Object value = outcome.value();
    if (value == null) {
      return form(NULL, 0).array();
    }
    if (value instanceof Integer number) {
      return form(INTEGER, Integer.BYTES).putInt(number).array();
    }
    if (value instanceof Long number) {
      return form(LONG, Long.BYTES).putLong(number).array();
    }
    if (value instanceof Double number) {
      return form(DOUBLE, Double.BYTES).putDouble(number).array();
    }
    if (value instanceof Boolean truth) {
      return form(truth ? TRUE : FALSE, 0).array();
    }
    return null;
  }

  private static ByteBuffer form(byte kind, int bytes) {
    return ByteBuffer.allocate(HEADER_BYTES + bytes).put(SMALL).put(kind);
  }

  static boolean is(byte[] bytes) {
    return bytes.length >= HEADER_BYTES && bytes[0] == SMALL;
  }

  /**
   * Decodes what {@link #is} one.
   *
   * @throws UndecodableException if it is of no known kind, or too short or too long for its kind
   */
  @SuppressWarnings("NullAway") // a task may return null
  static Outcome<?> decode(byte[] bytes) {
    ByteBuffer form = ByteBuffer.wrap(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
    byte kind = bytes[1];
    if (form.remaining() != contentBytes(kind)) {
      throw new UndecodableException(
          "Could not decode a result of " + bytes.length + " bytes and kind " + kind + ".", null);
    }
    return switch (kind) {
      case NULL -> Outcome.success(null);
      case INTEGER -> Outcome.success(form.getInt());
      case LONG -> Outcome.success(form.getLong());
      case DOUBLE -> Outcome.success(form.getDouble());
      default -> Outcome.success(kind == TRUE);
    };
  }

  /** How long the content of this kind is; less than zero if there is no such kind. */
  private static int contentBytes(byte kind) {
    return switch (kind) {
      case NULL, FALSE, TRUE -> 0;
      case INTEGER -> Integer.BYTES;
      case LONG -> Long.BYTES;
      case DOUBLE -> Double.BYTES;
      default -> -1;
    };
  }
}
