// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one shareable value as a {@link Parcel}.
 *
 * <p>Above a size, a byte array goes beside the bytes as a copy, and a text as it is; a direct
 * buffer always does, as a view of the same memory, and a handle of an interpreter or a queue as it
 * is. With no such size, for bytes that outlive the process, nothing goes beside: then direct
 * buffers and handles are not shareable.
 */
final class ParcelWriter {
  /** No size: nothing goes beside the bytes. */
  static final int NOTHING_BESIDE = Integer.MAX_VALUE;

  static final int MAX_DEPTH = 500;
  private static final Class<?> LIST_OF_FEW = List.of(1).getClass();
  private static final Class<?> LIST_OF_MANY = List.of(1, 2, 3).getClass();
  private static final Class<?> PART_OF_LIST = List.of(1, 2, 3).subList(0, 2).getClass();

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final int besideAbove;
  private byte[] bytes = new byte[56];
  private int length;
  private @Nullable List<Object> attachments;

  /** Whether nobody can change the value, and no class in it is an interpreter's own. */
  private boolean pure = true;

  private int depth;

  /**
   * @param besideAbove the size above which content goes beside the bytes
   */
  ParcelWriter(int besideAbove) {
    this.besideAbove = besideAbove;
  }

  /** Whether this list can never change. */
  static boolean isImmutableList(Class<?> type) {
    return type == LIST_OF_FEW || type == LIST_OF_MANY || type == PART_OF_LIST;
  }

  /**
   * Writes a value; false if it is not shareable, and then this is of no more use.
   *
   * @throws dev.interlock.NotShareableException if the accessor of a record throws
   */
  boolean write(@Nullable Object value) {
    if (value == null) {
      tag(Parcel.NULL, 0);
    } else if (value instanceof Integer number) {
      putInt(tag(Parcel.INTEGER, Integer.BYTES), (int) number);
    } else if (value instanceof String text) {
      text(text);
    } else if (value instanceof Long number) {
      putLong(tag(Parcel.LONG, Long.BYTES), (long) number);
    } else if (value instanceof Double number) {
      putLong(tag(Parcel.DOUBLE, Long.BYTES), Double.doubleToRawLongBits(number));
    } else if (value instanceof Boolean flag) {
      tag(flag ? Parcel.TRUE : Parcel.FALSE, 0);
    } else if (value instanceof byte[] content) {
      content(content);
    } else if (isImmutableList(value.getClass())) {
      return list((List<?>) value);
    } else if (value instanceof Record) {
      return record(value);
    } else {
      return writeRarer(value);
    }
    return true;
  }

  private boolean writeRarer(Object value) {
    if (value instanceof Byte number) {
      putByte(tag(Parcel.BYTE, 1), number);
    } else if (value instanceof Short number) {
      putShort(tag(Parcel.SHORT, Short.BYTES), (short) number);
    } else if (value instanceof Character character) {
      putShort(tag(Parcel.CHARACTER, Short.BYTES), (short) (char) character);
    } else if (value instanceof Float number) {
      putInt(tag(Parcel.FLOAT, Integer.BYTES), Float.floatToRawIntBits(number));
    } else if (besideAbove == NOTHING_BESIDE) {
      return false;
    } else if (value instanceof ByteBuffer buffer && buffer.isDirect()) {
      pure = false;
      attach(buffer.duplicate().order(buffer.order()));
    } else if (value instanceof InterpreterQueue || value instanceof Interpreter) {
      attach(value);
    } else {
      return false;
    }
    return true;
  }

  private void text(String text) {
    int count = text.length();
    if (count > besideAbove) {
      attach(text);
      return;
    }
    int start = tag(Parcel.LATIN_TEXT, Integer.BYTES + count) + Integer.BYTES;
    INTS.set(bytes, start - Integer.BYTES, count);
    for (int i = 0; i < count; i++) {
      char character = text.charAt(i);
      if (character > 0xff) {
        wideText(text, start);
        return;
      }
      bytes[start + i] = (byte) character;
    }
  }

  private void wideText(String text, int start) {
    int count = text.length();
    bytes[start - Integer.BYTES - 1] = Parcel.WIDE_TEXT;
    length = start;
    claim(count * Character.BYTES);
    for (int i = 0; i < count; i++) {
      SHORTS.set(bytes, start + i * Character.BYTES, (short) text.charAt(i));
    }
  }

  private void content(byte[] content) {
    pure = false;
    if (content.length > besideAbove) {
      attach(content.clone());
      return;
    }
    int start = tag(Parcel.BYTES, Integer.BYTES + content.length);
    INTS.set(bytes, start, content.length);
    System.arraycopy(content, 0, bytes, start + Integer.BYTES, content.length);
  }

  private boolean list(List<?> list) {
    if (++depth > MAX_DEPTH) {
      return false;
    }
    int size = list.size();
    putInt(tag(Parcel.LIST, Integer.BYTES), size);
    for (int i = 0; i < size; i++) {
      if (!write(list.get(i))) {
        return false;
      }
    }
    depth--;
    return true;
  }

  private boolean record(Object value) {
    RecordForm form = RecordForm.of(value.getClass());
    if (form == null || ++depth > MAX_DEPTH) {
      return false;
    }
    pure = false;
    putInt(tag(Parcel.RECORD, Integer.BYTES), form.shape());
    text(form.className());
    for (int i = 0; i < form.size(); i++) {
      if (!write(form.get(value, i))) {
        return false;
      }
    }
    depth--;
    return true;
  }

  private void attach(Object value) {
    tag(Parcel.ATTACHMENT, 0);
    if (attachments == null) {
      attachments = new ArrayList<>(1);
    }
    attachments.add(value);
  }

  /** Writes a tag, makes room for what follows it, and says where that goes. */
  private int tag(byte tag, int following) {
    int at = claim(1 + following);
    bytes[at] = tag;
    return at + 1;
  }

  /** Writes a byte that is no value's. */
  void writeByte(int value) {
    putByte(claim(1), (byte) value);
  }

  /** Writes a number that is no value's. */
  void writeLong(long value) {
    putLong(claim(Long.BYTES), value);
  }

  /** Writes bytes that are no value's. */
  void writeBytes(byte[] content) {
    int at = claim(content.length);
    System.arraycopy(content, 0, bytes, at, content.length);
  }

  // Methods, so that what makes room, and may replace the array, comes before the array is read.

  private void putByte(int at, byte value) {
    bytes[at] = value;
  }

  private void putShort(int at, short value) {
    SHORTS.set(bytes, at, value);
  }

  private void putInt(int at, int value) {
    INTS.set(bytes, at, value);
  }

  private void putLong(int at, long value) {
    LONGS.set(bytes, at, value);
  }

  private int claim(int count) {
    int at = length;
    length = Math.addExact(at, count);
    if (length > bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * length));
    }
    return at;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** What goes beside the bytes; null if nothing. */
  Object @Nullable [] attachments() {
    return attachments == null ? null : attachments.toArray();
  }

  /** What was written from {@code start} on: the whole of {@code value}. */
  Parcel parcel(int start, @Nullable Object value) {
    return pure ? Parcel.ofConstant(value) : new Parcel(bytes, start, length, attachments(), false);
  }
}
