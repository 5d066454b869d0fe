// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.interlock.spi.Outcomes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A growing buffer. Arrays of primitives are copied in bulk, and the buffer grows once per array
 * rather than by doubling until the array fits.
 */
final class FrameOutput extends Output {
  private static final int INITIAL_BYTES = 1024;
  private static final int RETAINED_BYTES = 64 * 1024;
  private static final int MAX_BYTES = Integer.MAX_VALUE - 8;

  /** No position: nothing that is written lies elsewhere. */
  private static final int NONE = Integer.MAX_VALUE;

  private @Nullable BufferSink sink;
  private int firstReference = NONE;

  FrameOutput() {
    super(INITIAL_BYTES, MAX_BYTES);
  }

  /** Large buffers go there, until {@link #endSink}. */
  void divertTo(@Nullable BufferSink target) {
    sink = target;
    firstReference = NONE;
  }

  /**
   * Tells the sink that no more comes.
   *
   * @param written whether the frame is written whole
   */
  void endSink(boolean written) {
    BufferSink ended = sink;
    sink = null;
    if (ended != null) {
      ended.end(written && firstReference != NONE);
    }
  }

  /**
   * Gives a buffer to the sink and refers to it here, or does nothing.
   *
   * @param mark says to the reader that it is a reference
   * @return false if the sink does not take it
   */
  boolean storeElsewhere(int mark, int length, long bytes, BufferPart content) {
    BufferSink target = sink;
    if (target == null) {
      return false;
    }
    long offset = target.store(bytes, content);
    if (offset == BufferSink.REFUSED) {
      return false;
    }
    firstReference = Math.min(firstReference, position);
    writeByte(mark);
    writeVarInt(length, true);
    writeVarLong(target.key(), true);
    writeVarLong(offset, true);
    return true;
  }

  /** Takes back what was written from here on. */
  void rewind(int start) {
    setPosition(start);
    if (firstReference >= start) {
      firstReference = NONE;
    }
  }

  /** Forgets the content; lets a large buffer go rather than pin it in the pool. */
  void recycle() {
    reset();
    if (getBuffer().length > RETAINED_BYTES) {
      setBuffer(new byte[INITIAL_BYTES], MAX_BYTES);
    }
  }

  /** Hands the content over: copied when small, the buffer itself when large. */
  ByteBuffer detach() {
    if (position() <= RETAINED_BYTES) {
      return ByteBuffer.wrap(toBytes());
    }
    ByteBuffer content = ByteBuffer.wrap(getBuffer(), 0, position()).slice();
    setBuffer(new byte[INITIAL_BYTES], MAX_BYTES);
    return content;
  }

  /** Starts a block whose length is not known yet; ends with {@link #endBlock}. */
  int beginBlock() {
    int start = position();
    writeInt(0);
    return start;
  }

  void endBlock(int start) {
    int end = position();
    setPosition(start);
    writeInt(end - start - Integer.BYTES);
    setPosition(end);
  }

  @Override
  protected boolean require(int required) {
    if (capacity - position >= required) {
      return false;
    }
    long wanted = Math.max((long) position + required + INITIAL_BYTES, 2L * capacity);
    if ((long) position + required > MAX_BYTES) {
      throw new EncodeRefusal(
          "more than 2 GiB", "Split the work, or pass a file's path instead of its content.", null);
    }
    capacity = (int) Math.min(wanted, MAX_BYTES);
    byte[] grown = new byte[capacity];
    System.arraycopy(buffer, 0, grown, 0, position);
    buffer = grown;
    return true;
  }

  @Override
  public void writeBytes(byte[] bytes, int offset, int count) {
    require(count);
    System.arraycopy(bytes, offset, buffer, position, count);
    position += count;
  }

  /** Writes all that remains in it, without its length. */
  void writeBuffer(ByteBuffer content) {
    bulk(content.remaining(), Byte.BYTES).put(content);
  }

  @Override
  public void writeInts(int[] array, int offset, int count, boolean optimizePositive) {
    writeInts(array, offset, count);
  }

  @Override
  public void writeInts(int[] array, int offset, int count) {
    bulk(count, Integer.BYTES).asIntBuffer().put(array, offset, count);
  }

  @Override
  public void writeLongs(long[] array, int offset, int count, boolean optimizePositive) {
    writeLongs(array, offset, count);
  }

  @Override
  public void writeLongs(long[] array, int offset, int count) {
    bulk(count, Long.BYTES).asLongBuffer().put(array, offset, count);
  }

  @Override
  public void writeFloats(float[] array, int offset, int count) {
    bulk(count, Float.BYTES).asFloatBuffer().put(array, offset, count);
  }

  @Override
  public void writeDoubles(double[] array, int offset, int count) {
    bulk(count, Double.BYTES).asDoubleBuffer().put(array, offset, count);
  }

  @Override
  public void writeShorts(short[] array, int offset, int count) {
    bulk(count, Short.BYTES).asShortBuffer().put(array, offset, count);
  }

  @Override
  public void writeChars(char[] array, int offset, int count) {
    bulk(count, Character.BYTES).asCharBuffer().put(array, offset, count);
  }

  /** Writes the values that are there as a block of one type, and zero for each failure. */
  void writeNumbers(Class<?> type, Outcomes<?> numbers) {
    int size = numbers.size();
    if (type == Integer.class) {
      IntBuffer block = bulk(size, Integer.BYTES).asIntBuffer();
      for (int i = 0; i < size; i++) {
        block.put(numbers.isSuccess(i) ? (Integer) numbers.value(i) : 0);
      }
    } else if (type == Long.class) {
      LongBuffer block = bulk(size, Long.BYTES).asLongBuffer();
      for (int i = 0; i < size; i++) {
        block.put(numbers.isSuccess(i) ? (Long) numbers.value(i) : 0);
      }
    } else {
      DoubleBuffer block = bulk(size, Double.BYTES).asDoubleBuffer();
      for (int i = 0; i < size; i++) {
        block.put(numbers.isSuccess(i) ? (Double) numbers.value(i) : 0);
      }
    }
  }

  private ByteBuffer bulk(int count, int elementBytes) {
    long bytes = (long) count * elementBytes;
    require((int) Math.min(bytes, MAX_BYTES));
    int start = position;
    position += (int) bytes;
    return ByteBuffer.wrap(buffer, start, (int) bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
