// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.UndecodableException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ParcelWriter} has written, under the loader of whoever gets it. */
final class ParcelReader {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final int end;
  private final @Nullable Object @Nullable [] attachments;
  private final ClassLoader loader;
  private int position;
  private int attachmentsRead;

  private ParcelReader(Parcel parcel, ClassLoader loader) {
    this.bytes = parcel.bytes();
    this.position = parcel.offset();
    this.end = parcel.end();
    this.attachments = parcel.attachments();
    this.loader = loader;
  }

  /**
   * The value in a parcel.
   *
   * @param loader has the classes of its records
   * @throws UndecodableException if it lacks one, or the bytes are damaged
   */
  static @Nullable Object read(Parcel parcel, ClassLoader loader) {
    try {
      return new ParcelReader(parcel, loader).read();
    } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new UndecodableException("The item is damaged.", e);
    }
  }

  private @Nullable Object read() {
    byte tag = bytes[skip(1)];
    return switch (tag) {
      case Parcel.NULL -> null;
      case Parcel.TRUE -> true;
      case Parcel.FALSE -> false;
      case Parcel.BYTE -> bytes[skip(1)];
      case Parcel.SHORT -> (short) SHORTS.get(bytes, skip(Short.BYTES));
      case Parcel.CHARACTER -> (char) (short) SHORTS.get(bytes, skip(Short.BYTES));
      case Parcel.INTEGER -> readInt();
      case Parcel.LONG -> (long) LONGS.get(bytes, skip(Long.BYTES));
      case Parcel.FLOAT -> Float.intBitsToFloat(readInt());
      case Parcel.DOUBLE -> Double.longBitsToDouble((long) LONGS.get(bytes, skip(Long.BYTES)));
      case Parcel.LATIN_TEXT -> latinText();
      case Parcel.WIDE_TEXT -> wideText();
      case Parcel.BYTES -> content();
      case Parcel.LIST -> list();
      case Parcel.RECORD -> record();
      case Parcel.ATTACHMENT -> Objects.requireNonNull(attachments)[attachmentsRead++];
      default -> throw new UndecodableException("The item is damaged: tag " + tag + ".", null);
    };
  }

  private int readInt() {
    return (int) INTS.get(bytes, skip(Integer.BYTES));
  }

  private String latinText() {
    int count = readInt();
    return new String(bytes, skip(count), count, StandardCharsets.ISO_8859_1);
  }

  private String wideText() {
    int count = readInt();
    int start = skip(Math.multiplyExact(count, Character.BYTES));
    char[] characters = new char[count];
    for (int i = 0; i < count; i++) {
      characters[i] = (char) (short) SHORTS.get(bytes, start + i * Character.BYTES);
    }
    return new String(characters);
  }

  private byte[] content() {
    int count = readInt();
    int start = skip(count);
    return Arrays.copyOfRange(bytes, start, start + count);
  }

  private List<@Nullable Object> list() {
    @Nullable Object[] elements = new Object[atMostLeft(readInt())];
    boolean nulls = false;
    for (int i = 0; i < elements.length; i++) {
      elements[i] = read();
      nulls |= elements[i] == null;
    }
    return nulls ? Arrays.stream(elements).toList() : List.of(elements);
  }

  private Object record() {
    int shape = readInt();
    String name = (String) Objects.requireNonNull(read());
    RecordForm form = RecordForm.of(name, shape, loader);
    @Nullable Object[] components = new Object[form.size()];
    for (int i = 0; i < components.length; i++) {
      components[i] = read();
    }
    return form.make(components);
  }

  private int skip(int count) {
    int at = position;
    position += atMostLeft(count);
    return at;
  }

  /** Each value takes at least a byte. */
  private int atMostLeft(int count) {
    return Objects.checkFromIndexSize(position, count, end) == position ? count : 0;
  }
}
