// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * An ordinary class, field by field. Kryo's own FieldSerializer would generate accessor classes for
 * public fields, drop the fields of local classes that share a name, and stumble over inaccessible
 * fields that are transient anyway.
 */
final class ObjectSerializer extends Serializer<Object> {
  private final FieldSlot[] fields;
  private final @Nullable Method readResolve;

  /**
   * @param readResolve called on the object once it is read, as Java serialization does; the object
   *     cannot be referred to before
   */
  ObjectSerializer(FieldSlot[] fields, @Nullable Method readResolve) {
    this.fields = fields;
    this.readResolve = readResolve;
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    if (readResolve == null) {
      writeFields(kryo, output, object);
      return;
    }
    CodecKryo codecKryo = (CodecKryo) kryo;
    codecKryo.beginUnfinished(object);
    writeFields(kryo, output, object);
    codecKryo.endUnfinished();
  }

  private void writeFields(Kryo kryo, Output output, Object object) {
    for (FieldSlot field : fields) {
      field.write(kryo, output, object);
    }
  }

  @Override
  public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
    Object object = kryo.newInstance(type);
    if (readResolve == null) {
      kryo.reference(object);
    }
    for (FieldSlot field : fields) {
      field.set(object, field.read(kryo, input));
    }
    return readResolve == null ? object : SerializationMethods.invoke(readResolve, object);
  }
}
