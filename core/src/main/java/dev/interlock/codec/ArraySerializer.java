// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Array;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** An array of references of any kind and number of dimensions. */
final class ArraySerializer extends Serializer<@Nullable Object[]> {
  private final Class<?> component;

  /** Whether all elements are of the component type itself, so that no class need be written. */
  private final boolean exact;

  ArraySerializer(Class<?> type) {
    component = type.getComponentType();
    exact = Modifier.isFinal(component.getModifiers()) && !component.isArray();
  }

  @Override
  public void write(Kryo kryo, Output output, @Nullable Object[] array) {
    output.writeVarInt(array.length, true);
    for (int i = 0; i < array.length; i++) {
      try {
        if (exact) {
          kryo.writeObjectOrNull(output, array[i], kryo.getSerializer(component));
        } else {
          kryo.writeClassAndObject(output, array[i]);
        }
      } catch (RuntimeException e) {
        throw EncodeRefusal.at("[" + i + "]", array[i], e);
      }
    }
  }

  @Override
  public @Nullable Object[] read(Kryo kryo, Input input, Class<? extends @Nullable Object[]> type) {
    int length = ((FrameInput) input).readLength(1);
    @Nullable Object[] array = (@Nullable Object[]) Array.newInstance(component, length);
    kryo.reference(array);
    for (int i = 0; i < length; i++) {
      array[i] =
          exact
              ? kryo.readObjectOrNull(input, component, kryo.getSerializer(component))
              : kryo.readClassAndObject(input);
    }
    return array;
  }
}
