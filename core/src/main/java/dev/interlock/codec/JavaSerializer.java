// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.lang.reflect.Proxy;

/**
 * Java serialization, for classes that define their own form of it and for JDK classes whose fields
 * are closed to everybody else. What the object refers to is in the same block: objects shared with
 * the rest of the graph are copied.
 */
final class JavaSerializer extends Serializer<Object> {

  /** The name under which the class predicate is asked whether this is allowed at all. */
  static final String NAME = "java.io.ObjectInputStream";

  /** Hash tables are sized above their content. */
  private static final long TABLE_SLACK = 4;

  private static final long SMALLEST_TABLE = 1024;

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    ((CodecKryo) kryo)
        .refuseUnlessTrusted(TypeNames.of(object), "What crosses by Java serialization only");
    FrameOutput frame = (FrameOutput) output;
    int start = frame.beginBlock();
    try {
      ObjectOutputStream stream = new ObjectOutputStream(frame);
      stream.writeObject(object);
      stream.flush();
    } catch (NotSerializableException e) {
      throw new EncodeRefusal(
          String.valueOf(e.getMessage()),
          "It is inside a "
              + TypeNames.of(object)
              + ", which crosses by Java serialization: make it serializable, or its field"
              + " transient.",
          e);
    } catch (IOException e) {
      throw EncodeRefusal.unexpected(object, e);
    }
    frame.endBlock(start);
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    FrameInput frame = (FrameInput) input;
    ClassNames names = ((CodecKryo) kryo).names();
    int length = frame.readBlockLength();
    int start = frame.position();
    frame.setPosition(start + length); // Who can do without it reads on behind it.
    names.check(NAME);
    try (Stream stream =
        new Stream(new ByteArrayInputStream(frame.getBuffer(), start, length), names)) {
      long longest = Math.max(SMALLEST_TABLE, TABLE_SLACK * length);
      stream.setObjectInputFilter(
          info ->
              info.arrayLength() > longest
                  ? ObjectInputFilter.Status.REJECTED
                  : ObjectInputFilter.Status.UNDECIDED);
      return stream.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new KryoException("Java serialization failed: " + TypeNames.brief(e), e);
    }
  }

  /** Resolves classes as the codec does. */
  private static final class Stream extends ObjectInputStream {
    private final ClassNames names;

    Stream(InputStream bytes, ClassNames names) throws IOException {
      super(bytes);
      this.names = names;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) {
      return names.resolve(description.getName());
    }

    @Override
    @SuppressWarnings("deprecation") // Needs no instance, unlike its replacement.
    protected Class<?> resolveProxyClass(String[] interfaces) {
      Class<?>[] types = new Class<?>[interfaces.length];
      for (int i = 0; i < types.length; i++) {
        types[i] = names.resolve(interfaces[i]);
      }
      return Proxy.getProxyClass(names.loader(), types);
    }
  }
}
