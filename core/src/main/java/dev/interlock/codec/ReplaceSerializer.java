// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * A serializable class with {@code writeReplace}: its replacement crosses instead, and {@code
 * readResolve} of the replacement makes the object again. Guava's immutable collections, for one.
 */
final class ReplaceSerializer extends Serializer<Object> {
  private final Method writeReplace;

  /** For an object that declines to be replaced. */
  private final Serializer<Object> itself;

  ReplaceSerializer(Method writeReplace, Serializer<Object> itself) {
    this.writeReplace = writeReplace;
    this.itself = itself;
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    Object replacement = SerializationMethods.invoke(writeReplace, object);
    boolean replaced = replacement == null || replacement.getClass() != object.getClass();
    output.writeBoolean(replaced);
    if (replaced) {
      CodecKryo codecKryo = (CodecKryo) kryo;
      codecKryo.beginUnfinished(object);
      kryo.writeClassAndObject(output, replacement);
      codecKryo.endUnfinished();
    } else {
      itself.write(kryo, output, replacement);
    }
  }

  @Override
  public @Nullable Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    return input.readBoolean() ? kryo.readClassAndObject(input) : itself.read(kryo, input, type);
  }
}
