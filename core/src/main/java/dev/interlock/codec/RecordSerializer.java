// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record: its fields as they are (an accessor may be overridden to return something else), and
 * back through its canonical constructor.
 */
final class RecordSerializer extends Serializer<Object> {
  private final FieldSlot[] fields;

  /** For each field, the index of its component. */
  private final int[] components;

  private final Constructor<?> constructor;
  private final @Nullable Method readResolve;

  RecordSerializer(Class<?> type) {
    fields = FieldSlot.declaredBy(type).toArray(new FieldSlot[0]);
    readResolve = SerializationMethods.readResolve(type);
    RecordComponent[] declared = type.getRecordComponents();
    List<String> names = Arrays.stream(declared).map(RecordComponent::getName).toList();
    components = Arrays.stream(fields).mapToInt(field -> names.indexOf(field.name())).toArray();
    Class<?>[] types =
        Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
    } catch (NoSuchMethodException e) {
      throw new KryoException(e);
    }
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    CodecKryo codecKryo = (CodecKryo) kryo;
    codecKryo.beginUnfinished(object);
    for (FieldSlot field : fields) {
      field.write(kryo, output, object);
    }
    codecKryo.endUnfinished();
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    @Nullable Object[] values = new @Nullable Object[fields.length];
    for (int i = 0; i < fields.length; i++) {
      values[components[i]] = fields[i].read(kryo, input);
    }
    try {
      Object made = constructor.newInstance(values);
      return readResolve == null ? made : SerializationMethods.invoke(readResolve, made);
    } catch (InvocationTargetException e) {
      throw new KryoException(
          "The constructor of the record " + type.getName() + " failed", e.getCause());
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new KryoException(e);
    }
  }
}
