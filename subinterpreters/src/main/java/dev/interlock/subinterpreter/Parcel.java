// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.TaskCodec;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way to another interpreter: its form in bytes, and beside them what crosses
 * without being copied again. To be unpacked once: the receiver owns what is beside.
 *
 * @param bytes the form, from {@code offset} to {@code end}
 * @param attachments what the form refers to by number; null if to nothing
 * @param frame whether the form is the codec's, and not {@link ParcelWriter}'s
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Parcel(
    byte[] bytes, int offset, int end, @Nullable Object @Nullable [] attachments, boolean frame) {
  // The first byte of each value's form.
  static final byte NULL = 0;
  static final byte TRUE = 1;
  static final byte FALSE = 2;
  static final byte BYTE = 3;
  static final byte SHORT = 4;
  static final byte CHARACTER = 5;
  static final byte INTEGER = 6;
  static final byte LONG = 7;
  static final byte FLOAT = 8;
  static final byte DOUBLE = 9;

  /** A text whose characters are all below 256. */
  static final byte LATIN_TEXT = 10;

  static final byte WIDE_TEXT = 11;
  static final byte BYTES = 12;
  static final byte LIST = 13;
  static final byte RECORD = 14;

  /** The next attachment is the value. */
  static final byte ATTACHMENT = 15;

  private static final byte[] ONE_ATTACHMENT = {ATTACHMENT};

  /** A value that every interpreter may have as it is. */
  static Parcel ofConstant(@Nullable Object value) {
    return new Parcel(ONE_ATTACHMENT, 0, 1, new @Nullable Object[] {value}, false);
  }

  /** What a codec has encoded. */
  static Parcel ofFrame(byte[] frame) {
    return new Parcel(frame, 0, frame.length, null, true);
  }

  /**
   * The value, on the receiver's side.
   *
   * @throws dev.interlock.UndecodableException if a class of it is not there
   */
  @Nullable Object unpack(TaskCodec receiver) {
    return frame
        ? receiver.decode(bytes, offset, end - offset)
        : ParcelReader.read(this, receiver.loader());
  }
}
