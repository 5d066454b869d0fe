// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.io.Input;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One frame to read. Every length in it is claimed before memory is allocated for it: each element
 * takes a byte of its own at least, so all the lengths in a valid frame together cannot exceed the
 * frame. A few bytes can therefore not ask for gigabytes, nor can nested arrays that each stay
 * within the frame.
 */
final class FrameInput extends Input {
  private static final byte[] EMPTY = {};
  private static final int RETAINED_CHARS = 4096;

  private long unclaimedBytes;

  private @Nullable BufferCursor buffers;

  FrameInput() {
    setBuffer(EMPTY);
  }

  /**
   * @param elsewhere where large buffers are; null if they are all in the frame
   */
  void open(byte[] bytes, int offset, int length, @Nullable BufferCursor elsewhere) {
    setBuffer(bytes, offset, length);
    buffers = elsewhere;
    unclaimedBytes = length;
  }

  /** Lets go of the frame, so that a pooled input pins no payload. */
  void recycle() {
    buffers = null;
    setBuffer(EMPTY);
    if (chars.length > RETAINED_CHARS) {
      chars = new char[32];
    }
  }

  int remaining() {
    return limit - position;
  }

  /** The buffers outside of the frame, to which it has just referred. */
  BufferCursor buffers() {
    BufferCursor known = buffers;
    if (known == null) {
      throw new KryoException("It refers to a buffer, but has none");
    }
    return known;
  }

  @Nullable BufferCursor buffersOrNull() {
    return buffers;
  }

  /** Whether this byte is next; then it is behind. */
  boolean skipIfNext(int value) {
    boolean next = remaining() > 0 && buffer[position] == value;
    if (next) {
      position++;
    }
    return next;
  }

  /** Reads a direct buffer of so many bytes, which are claimed. */
  ByteBuffer readBuffer(int length) {
    ByteBuffer content = ByteBuffer.allocateDirect(length);
    return content.put(bulk(length)).clear();
  }

  /**
   * Reads the number of elements of something, each of which takes {@code elementBytes} at least.
   */
  int readLength(int elementBytes) {
    int length = readVarInt(true);
    claim(length, elementBytes);
    return length;
  }

  /** Reads the length of a block of bytes, written by {@link FrameOutput#beginBlock}. */
  int readBlockLength() {
    int length = readInt();
    claim(length, Byte.BYTES);
    return length;
  }

  /** Reads the length of a block whose content is claimed as it is read. */
  int readUnclaimedBlockLength() {
    int length = readInt();
    if (length < 0 || length > remaining()) {
      throw tooLong(length);
    }
    return length;
  }

  void claim(int count, int elementBytes) {
    long bytes = (long) count * elementBytes;
    if (count < 0 || bytes > remaining() || bytes > unclaimedBytes) {
      throw tooLong(count);
    }
    unclaimedBytes -= bytes;
  }

  private KryoException tooLong(int count) {
    return new KryoException(
        "A length of " + count + " does not fit into the " + remaining() + " bytes that are left");
  }

  @Override
  public byte[] readBytes(int length) {
    claim(length, Byte.BYTES);
    return super.readBytes(length);
  }

  @Override
  public boolean[] readBooleans(int length) {
    claim(length, Byte.BYTES);
    return super.readBooleans(length);
  }

  @Override
  public int[] readInts(int length, boolean optimizePositive) {
    return readInts(length);
  }

  @Override
  public int[] readInts(int length) {
    claim(length, Integer.BYTES);
    int[] array = new int[length];
    bulk(length * Integer.BYTES).asIntBuffer().get(array);
    return array;
  }

  @Override
  public long[] readLongs(int length, boolean optimizePositive) {
    return readLongs(length);
  }

  @Override
  public long[] readLongs(int length) {
    claim(length, Long.BYTES);
    long[] array = new long[length];
    bulk(length * Long.BYTES).asLongBuffer().get(array);
    return array;
  }

  @Override
  public float[] readFloats(int length) {
    claim(length, Float.BYTES);
    float[] array = new float[length];
    bulk(length * Float.BYTES).asFloatBuffer().get(array);
    return array;
  }

  @Override
  public double[] readDoubles(int length) {
    claim(length, Double.BYTES);
    double[] array = new double[length];
    bulk(length * Double.BYTES).asDoubleBuffer().get(array);
    return array;
  }

  @Override
  public short[] readShorts(int length) {
    claim(length, Short.BYTES);
    short[] array = new short[length];
    bulk(length * Short.BYTES).asShortBuffer().get(array);
    return array;
  }

  @Override
  public char[] readChars(int length) {
    claim(length, Character.BYTES);
    char[] array = new char[length];
    bulk(length * Character.BYTES).asCharBuffer().get(array);
    return array;
  }

  /** Reads what {@link FrameOutput#writeNumbers} wrote, behind their number. */
  @Nullable Object[] readNumbers(Class<?> type) {
    int elementBytes = type == Integer.class ? Integer.BYTES : Long.BYTES;
    int size = readLength(elementBytes);
    @Nullable Object[] numbers = new @Nullable Object[size];
    ByteBuffer block = bulk(size * elementBytes);
    if (type == Integer.class) {
      IntBuffer ints = block.asIntBuffer();
      for (int i = 0; i < size; i++) {
        numbers[i] = ints.get(i);
      }
    } else if (type == Long.class) {
      LongBuffer longs = block.asLongBuffer();
      for (int i = 0; i < size; i++) {
        numbers[i] = longs.get(i);
      }
    } else {
      DoubleBuffer doubles = block.asDoubleBuffer();
      for (int i = 0; i < size; i++) {
        numbers[i] = doubles.get(i);
      }
    }
    return numbers;
  }

  private ByteBuffer bulk(int bytes) {
    int start = position;
    position += bytes;
    return ByteBuffer.wrap(buffer, start, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public @Nullable String readString() {
    claimString();
    return super.readString();
  }

  @Override
  public StringBuilder readStringBuilder() {
    claimString();
    return super.readStringBuilder();
  }

  /**
   * A string that is not ASCII announces its length; an ASCII one ends where its last byte says.
   */
  private void claimString() {
    int start = position;
    if (readVarIntFlag()) {
      int charsPlusOne = readVarIntFlag(true);
      claim(Math.max(0, charsPlusOne - 1), Byte.BYTES);
    }
    position = start;
  }
}
