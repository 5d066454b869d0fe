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

  /** No lambda per type: making one takes longer, in a new JVM, than a first task does. */
  static void registerArrays(CodecKryo kryo) {
    register(kryo, byte[].class, Byte.BYTES, new DefaultArraySerializers.ByteArraySerializer());
    register(
        kryo, char[].class, Character.BYTES, new DefaultArraySerializers.CharArraySerializer());
    register(kryo, short[].class, Short.BYTES, new DefaultArraySerializers.ShortArraySerializer());
    register(kryo, int[].class, Integer.BYTES, new DefaultArraySerializers.IntArraySerializer());
    register(kryo, long[].class, Long.BYTES, new DefaultArraySerializers.LongArraySerializer());
    register(kryo, float[].class, Float.BYTES, new DefaultArraySerializers.FloatArraySerializer());
    register(
        kryo, double[].class, Double.BYTES, new DefaultArraySerializers.DoubleArraySerializer());
    register(kryo, boolean[].class, Byte.BYTES, new OfBooleans());
  }

  private static <A> void register(
      CodecKryo kryo, Class<A> type, int elementBytes, Serializer<A> inFrame) {
    kryo.register(type, new OfArray<>(type, elementBytes, inFrame));
  }

  /** Copies a range of an array's elements to a part. */
  private static void put(Object array, int from, int count, ByteBuffer part) {
    if (array instanceof byte[] bytes) {
      part.put(bytes, from, count);
    } else if (array instanceof char[] chars) {
      part.asCharBuffer().put(chars, from, count);
    } else if (array instanceof short[] shorts) {
      part.asShortBuffer().put(shorts, from, count);
    } else if (array instanceof int[] ints) {
      part.asIntBuffer().put(ints, from, count);
    } else if (array instanceof long[] longs) {
      part.asLongBuffer().put(longs, from, count);
    } else if (array instanceof float[] floats) {
      part.asFloatBuffer().put(floats, from, count);
    } else if (array instanceof double[] doubles) {
      part.asDoubleBuffer().put(doubles, from, count);
    } else {
      boolean[] booleans = (boolean[]) array;
      for (int i = from; i < from + count; i++) {
        part.put((byte) (booleans[i] ? 1 : 0));
      }
    }
  }

  /** Copies a part to a range of an array's elements. */
  private static void get(Object array, int from, int count, ByteBuffer part) {
    if (array instanceof byte[] bytes) {
      part.get(bytes, from, count);
    } else if (array instanceof char[] chars) {
      part.asCharBuffer().get(chars, from, count);
    } else if (array instanceof short[] shorts) {
      part.asShortBuffer().get(shorts, from, count);
    } else if (array instanceof int[] ints) {
      part.asIntBuffer().get(ints, from, count);
    } else if (array instanceof long[] longs) {
      part.asLongBuffer().get(longs, from, count);
    } else if (array instanceof float[] floats) {
      part.asFloatBuffer().get(floats, from, count);
    } else if (array instanceof double[] doubles) {
      part.asDoubleBuffer().get(doubles, from, count);
    } else {
      boolean[] booleans = (boolean[]) array;
      for (int i = from; i < from + count; i++) {
        booleans[i] = part.get() == 1;
      }
    }
  }

  private static final class OfArray<A> extends Serializer<A> {
    private final Class<A> type;
    private final int elementBytes;
    private final Serializer<A> inFrame;

    /**
     * @param inFrame writes the length plus one, and the elements
     */
    OfArray(Class<A> type, int elementBytes, Serializer<A> inFrame) {
      this.type = type;
      this.elementBytes = elementBytes;
      this.inFrame = inFrame;
    }

    @Override
    public void write(Kryo kryo, Output output, A array) {
      int length = Array.getLength(array);
      long bytes = (long) length * elementBytes;
      if (!(output instanceof FrameOutput frame)
          || !frame.storeElsewhere(ELSEWHERE, length, bytes, writing(array))) {
        inFrame.write(kryo, output, array);
      }
    }

    private BufferPart writing(A array) {
      return (at, part) ->
          put(array, (int) (at / elementBytes), part.remaining() / elementBytes, part);
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
                A array = type.cast(Array.newInstance(type.getComponentType(), length));
                loading.into(
                    (at, part) ->
                        get(
                            array,
                            (int) (at / elementBytes),
                            part.remaining() / elementBytes,
                            part));
                return array;
              });
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
