// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.serializers.DefaultArraySerializers;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntFunction;

/** The forms of what may lie outside of the frame: arrays of primitives and direct buffers. */
final class Buffers {
  /**
   * Stands in place of a length plus one where the content lies elsewhere: its store, its offset
   * and its length follow.
   */
  private static final int ELSEWHERE = 0;

  private Buffers() {}

  /** Makes what is read. */
  @FunctionalInterface
  interface Making<A> {
    A make(Loading loading) throws IOException;
  }

  /** Gets the content of what is read. */
  @FunctionalInterface
  interface Loading {
    void into(BufferPart taker) throws IOException;
  }

  /** Copies a range of an array's elements from or to a part. */
  @FunctionalInterface
  private interface Copy<A> {
    void range(A array, int from, int count, ByteBuffer part);
  }

  static void registerArrays(CodecKryo kryo) {
    register(
        kryo,
        new OfArray<>(
            byte[].class,
            Byte.BYTES,
            new DefaultArraySerializers.ByteArraySerializer(),
            byte[]::new,
            (array, from, count, part) -> part.put(array, from, count),
            (array, from, count, part) -> part.get(array, from, count)));
    register(
        kryo,
        new OfArray<>(
            char[].class,
            Character.BYTES,
            new DefaultArraySerializers.CharArraySerializer(),
            char[]::new,
            (array, from, count, part) -> part.asCharBuffer().put(array, from, count),
            (array, from, count, part) -> part.asCharBuffer().get(array, from, count)));
    register(
        kryo,
        new OfArray<>(
            short[].class,
            Short.BYTES,
            new DefaultArraySerializers.ShortArraySerializer(),
            short[]::new,
            (array, from, count, part) -> part.asShortBuffer().put(array, from, count),
            (array, from, count, part) -> part.asShortBuffer().get(array, from, count)));
    register(
        kryo,
        new OfArray<>(
            int[].class,
            Integer.BYTES,
            new DefaultArraySerializers.IntArraySerializer(),
            int[]::new,
            (array, from, count, part) -> part.asIntBuffer().put(array, from, count),
            (array, from, count, part) -> part.asIntBuffer().get(array, from, count)));
    register(
        kryo,
        new OfArray<>(
            long[].class,
            Long.BYTES,
            new DefaultArraySerializers.LongArraySerializer(),
            long[]::new,
            (array, from, count, part) -> part.asLongBuffer().put(array, from, count),
            (array, from, count, part) -> part.asLongBuffer().get(array, from, count)));
    register(
        kryo,
        new OfArray<>(
            float[].class,
            Float.BYTES,
            new DefaultArraySerializers.FloatArraySerializer(),
            float[]::new,
            (array, from, count, part) -> part.asFloatBuffer().put(array, from, count),
            (array, from, count, part) -> part.asFloatBuffer().get(array, from, count)));
    register(
        kryo,
        new OfArray<>(
            double[].class,
            Double.BYTES,
            new DefaultArraySerializers.DoubleArraySerializer(),
            double[]::new,
            (array, from, count, part) -> part.asDoubleBuffer().put(array, from, count),
            (array, from, count, part) -> part.asDoubleBuffer().get(array, from, count)));
    register(
        kryo,
        new OfArray<>(
            boolean[].class,
            Byte.BYTES,
            new OfBooleans(),
            boolean[]::new,
            Buffers::put,
            Buffers::get));
  }

  private static <A> void register(CodecKryo kryo, OfArray<A> serializer) {
    kryo.register(serializer.type, serializer);
  }

  private static void put(boolean[] array, int from, int count, ByteBuffer part) {
    for (int i = from; i < from + count; i++) {
      part.put((byte) (array[i] ? 1 : 0));
    }
  }

  private static void get(boolean[] array, int from, int count, ByteBuffer part) {
    for (int i = from; i < from + count; i++) {
      array[i] = part.get() == 1;
    }
  }

  private static final class OfArray<A> extends Serializer<A> {
    private final Class<A> type;
    private final int elementBytes;
    private final Serializer<A> inFrame;
    private final IntFunction<A> maker;
    private final Copy<A> write;
    private final Copy<A> read;

    /**
     * @param inFrame writes the length plus one, and the elements
     */
    OfArray(
        Class<A> type,
        int elementBytes,
        Serializer<A> inFrame,
        IntFunction<A> maker,
        Copy<A> write,
        Copy<A> read) {
      this.type = type;
      this.elementBytes = elementBytes;
      this.inFrame = inFrame;
      this.maker = maker;
      this.write = write;
      this.read = read;
    }

    @Override
    public void write(Kryo kryo, Output output, A array) {
      int length = Array.getLength(array);
      long bytes = (long) length * elementBytes;
      if (!(output instanceof FrameOutput frame)
          || !frame.storeElsewhere(ELSEWHERE, length, bytes, copying(array, write))) {
        inFrame.write(kryo, output, array);
      }
    }

    @Override
    public A read(Kryo kryo, Input input, Class<? extends A> ignored) {
      FrameInput frame = (FrameInput) input;
      if (!frame.skipIfNext(ELSEWHERE)) {
        return inFrame.read(kryo, input, type);
      }
      int length = frame.readVarInt(true);
      return frame
          .buffers()
          .load(
              frame,
              (long) length * elementBytes,
              ((CodecKryo) kryo).budget(),
              loading -> {
                A array = maker.apply(length);
                loading.into(copying(array, read));
                return array;
              });
    }

    private BufferPart copying(A array, Copy<A> copy) {
      return (at, part) ->
          copy.range(array, (int) (at / elementBytes), part.remaining() / elementBytes, part);
    }
  }

  /** Kryo's own allocates the array before the length is checked. */
  private static final class OfBooleans extends Serializer<boolean[]> {
    @Override
    public void write(Kryo kryo, Output output, boolean[] array) {
      output.writeVarInt(array.length + 1, true);
      output.writeBooleans(array, 0, array.length);
    }

    @Override
    public boolean[] read(Kryo kryo, Input input, Class<? extends boolean[]> type) {
      return input.readBooleans(input.readVarInt(true) - 1);
    }
  }

  /** A direct buffer: all its bytes, position, limit and byte order; it arrives as a direct one. */
  static final class OfDirect extends Serializer<ByteBuffer> {
    private static final int READ_ONLY = 1;
    private static final int LITTLE_ENDIAN = 2;

    @Override
    public void write(Kryo kryo, Output output, ByteBuffer buffer) {
      FrameOutput frame = (FrameOutput) output;
      ByteBuffer content = buffer.duplicate().clear();
      int bytes = content.capacity();
      if (!frame.storeElsewhere(
          ELSEWHERE,
          bytes,
          bytes,
          (at, part) -> part.put(content.slice((int) at, part.remaining())))) {
        frame.writeVarInt(bytes + 1, true);
        frame.writeBuffer(content);
      }
      frame.writeVarInt(buffer.limit(), true);
      frame.writeVarInt(buffer.position(), true);
      frame.writeByte(
          (buffer.isReadOnly() ? READ_ONLY : 0)
              | (buffer.order() == ByteOrder.LITTLE_ENDIAN ? LITTLE_ENDIAN : 0));
    }

    @Override
    public ByteBuffer read(Kryo kryo, Input input, Class<? extends ByteBuffer> type) {
      FrameInput frame = (FrameInput) input;
      ByteBuffer content = content((CodecKryo) kryo, frame);
      int limit = frame.readVarInt(true);
      int position = frame.readVarInt(true);
      int flags = frame.readByte();
      if (limit < 0 || limit > content.capacity() || position < 0 || position > limit) {
        throw new KryoException("A buffer with bounds that it cannot have");
      }
      ByteBuffer buffer = (flags & READ_ONLY) == 0 ? content : content.asReadOnlyBuffer();
      return buffer
          .limit(limit)
          .position(position)
          .order((flags & LITTLE_ENDIAN) == 0 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer content(CodecKryo kryo, FrameInput frame) {
      DecodeBudget budget = kryo.budget();
      if (!frame.skipIfNext(ELSEWHERE)) {
        int length = frame.readVarInt(true) - 1;
        frame.claim(length, Byte.BYTES);
        if (budget != null) {
          budget.allocate(DIRECT_OVERHEAD_BYTES + length);
        }
        return frame.readBuffer(length);
      }
      int length = frame.readVarInt(true);
      return frame
          .buffers()
          .load(
              frame,
              length,
              budget,
              loading -> {
                ByteBuffer buffer = ByteBuffer.allocateDirect(length);
                loading.into(
                    (at, part) -> buffer.put((int) at, part, part.position(), part.remaining()));
                return buffer;
              });
    }

    /** What a direct buffer takes beside its content, at most: a page, where they are aligned. */
    private static final int DIRECT_OVERHEAD_BYTES = 4 << 10;
  }
}
