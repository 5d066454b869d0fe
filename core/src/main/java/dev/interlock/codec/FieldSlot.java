// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One field of an object or record: reads it, writes it, and names it in the path. */
final class FieldSlot {
  private final Field field;
  private final Class<?> type;

  /** Whether the value's class follows from the field, so that it need not be written. */
  private final boolean exact;

  /** Whether the class policy has been told of the value's class. */
  private boolean told;

  private FieldSlot(Field field) {
    this.field = field;
    this.type = field.getType();
    this.exact = Modifier.isFinal(type.getModifiers()) && !type.isArray() && !type.isPrimitive();
  }

  /**
   * The fields that cross, superclasses first, each class's by name: the same order in every JVM.
   *
   * @throws InaccessibleObjectException if one of them may not be accessed
   */
  static FieldSlot[] of(Class<?> type) {
    List<Class<?>> hierarchy = new ArrayList<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      hierarchy.add(0, c);
    }
    List<FieldSlot> slots = new ArrayList<>();
    for (Class<?> declaring : hierarchy) {
      slots.addAll(declaredBy(declaring));
    }
    return slots.toArray(new FieldSlot[0]);
  }

  /** The fields of one class of a hierarchy. */
  static List<FieldSlot> declaredBy(Class<?> declaring) {
    List<FieldSlot> slots = new ArrayList<>();
    for (Field field : declaring.getDeclaredFields()) {
      int modifiers = field.getModifiers();
      if (!Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers)) {
        field.setAccessible(true);
        slots.add(new FieldSlot(field));
      }
    }
    slots.sort(Comparator.comparing(FieldSlot::name));
    return slots;
  }

  String name() {
    return field.getName();
  }

  Class<?> declaringClass() {
    return field.getDeclaringClass();
  }

  @Nullable Object get(Object object) {
    try {
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new KryoException(e);
    }
  }

  void set(Object object, @Nullable Object value) {
    try {
      field.set(object, value);
    } catch (IllegalAccessException | IllegalArgumentException e) {
      throw new KryoException("The field " + field + " cannot take a " + TypeNames.of(value), e);
    }
  }

  void write(Kryo kryo, Output output, Object object) {
    if (type.isPrimitive()) {
      writePrimitive(output, object);
      return;
    }
    Object value = get(object);
    try {
      if (exact) {
        if (!told) {
          told = true;
          ((CodecKryo) kryo).policy().sent(type.getName());
        }
        kryo.writeObjectOrNull(output, value, kryo.getSerializer(type));
      } else {
        kryo.writeClassAndObject(output, value);
      }
    } catch (RuntimeException e) {
      throw EncodeRefusal.at("." + name(), value, e);
    }
  }

  @Nullable Object read(Kryo kryo, Input input) {
    if (type.isPrimitive()) {
      return readPrimitive(input);
    }
    if (exact) {
      Serializer<?> serializer = kryo.getSerializer(type);
      return kryo.readObjectOrNull(input, type, serializer);
    }
    return kryo.readClassAndObject(input);
  }

  private void writePrimitive(Output output, Object object) {
    try {
      if (type == int.class) {
        output.writeVarInt(field.getInt(object), false);
      } else if (type == long.class) {
        output.writeVarLong(field.getLong(object), false);
      } else if (type == double.class) {
        output.writeDouble(field.getDouble(object));
      } else if (type == boolean.class) {
        output.writeBoolean(field.getBoolean(object));
      } else if (type == float.class) {
        output.writeFloat(field.getFloat(object));
      } else if (type == char.class) {
        output.writeChar(field.getChar(object));
      } else if (type == short.class) {
        output.writeShort(field.getShort(object));
      } else {
        output.writeByte(field.getByte(object));
      }
    } catch (IllegalAccessException e) {
      throw new KryoException(e);
    }
  }

  private Object readPrimitive(Input input) {
    if (type == int.class) {
      return input.readVarInt(false);
    } else if (type == long.class) {
      return input.readVarLong(false);
    } else if (type == double.class) {
      return input.readDouble();
    } else if (type == boolean.class) {
      return input.readBoolean();
    } else if (type == float.class) {
      return input.readFloat();
    } else if (type == char.class) {
      return input.readChar();
    } else if (type == short.class) {
      return input.readShort();
    }
    return input.readByte();
  }
}
