// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.DefaultSerializer;
import com.esotericsoftware.kryo.kryo5.KryoSerializable;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.serializers.DefaultSerializers;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Which serializer a class gets that has no number and no alias, from the most specific reason to
 * the least. Asked once per class and coder.
 */
final class SerializerChoice {
  private static final String NO_STATE_TO_COPY =
      "It belongs to the JDK and cannot be copied: create it inside the task, or make the field"
          + " transient.";

  private SerializerChoice() {}

  /**
   * @throws EncodeRefusal if objects of the class cannot cross
   */
  static Serializer<?> choose(CodecKryo kryo, Class<?> type) {
    String hint = RefusedTypes.hint(type);
    if (hint != null) {
      throw new EncodeRefusal(TypeNames.of(type), hint, null);
    }
    if (type.isArray()) {
      return new ArraySerializer(type);
    }
    if (type.isEnum()) {
      return new DefaultSerializers.EnumSerializer(type.asSubclass(Enum.class));
    }
    if (type.isHidden()) {
      throw new EncodeRefusal(
          TypeNames.of(type), "Its class exists in this JVM only: use an ordinary class.", null);
    }
    try {
      if (type.isRecord()) {
        return new RecordSerializer(type);
      }
      if (Proxy.isProxyClass(type)) {
        return new JavaSerializer();
      }
      return ClassKinds.isJdk(type) ? ofJdkClass(type) : ofUserClass(kryo, type);
    } catch (InaccessibleObjectException e) {
      throw new EncodeRefusal(
          TypeNames.of(type),
          "Its fields are closed: add 'opens "
              + type.getPackageName()
              + "' to its module, make it serializable, or pass its values.",
          e);
    }
  }

  private static Serializer<?> ofJdkClass(Class<?> type) {
    if (type == Object.class) {
      return new ObjectSerializer(new FieldSlot[0], null);
    }
    Serializer<?> form = JdkForms.of(type);
    if (form != null) {
      return form;
    }
    boolean plain =
        !BlockingQueue.class.isAssignableFrom(type) && !Properties.class.isAssignableFrom(type);
    Constructor<?> constructor = plain ? ClassKinds.publicConstructor(type) : null;
    if (constructor != null && Collection.class.isAssignableFrom(type)) {
      return CollectionSerializer.by(constructor);
    }
    if (constructor != null && Map.class.isAssignableFrom(type)) {
      return MapSerializer.by(constructor);
    }
    if (Serializable.class.isAssignableFrom(type)) {
      return new JavaSerializer();
    }
    throw new EncodeRefusal(TypeNames.of(type), NO_STATE_TO_COPY, null);
  }

  private static Serializer<?> ofUserClass(CodecKryo kryo, Class<?> type) {
    if (type.isAnnotationPresent(DefaultSerializer.class)
        || KryoSerializable.class.isAssignableFrom(type)) {
      return kryo.kryoSerializer(type);
    }
    Method writeReplace = SerializationMethods.writeReplace(type);
    return writeReplace == null
        ? withoutReplacement(type)
        : new ReplaceSerializer(writeReplace, withoutReplacement(type));
  }

  @SuppressWarnings("unchecked") // A serializer of this class only ever sees objects of it.
  private static Serializer<Object> withoutReplacement(Class<?> type) {
    if (SerializationMethods.writesItself(type)) {
      return new JavaSerializer();
    }
    Serializer<?> collection = ofUserCollection(type);
    if (collection != null) {
      return (Serializer<Object>) collection;
    }
    FieldSlot[] fields;
    try {
      fields = FieldSlot.of(type);
    } catch (InaccessibleObjectException e) {
      if (Serializable.class.isAssignableFrom(type)) {
        return new JavaSerializer();
      }
      throw e;
    }
    return new ObjectSerializer(fields, SerializationMethods.readResolve(type));
  }

  /**
   * A subclass of a JDK collection whose content lies in closed fields. With fields of its own,
   * only Java serialization knows both; without, it is filled like any other.
   */
  private static @Nullable Serializer<?> ofUserCollection(Class<?> type) {
    boolean collection = Collection.class.isAssignableFrom(type);
    if (!(collection || Map.class.isAssignableFrom(type)) || !extendsFilledJdkClass(type)) {
      return null;
    }
    Constructor<?> constructor = Instantiators.noArgConstructor(type);
    if (constructor == null || ClassKinds.hasOwnFields(type)) {
      return new JavaSerializer();
    }
    return collection ? CollectionSerializer.by(constructor) : MapSerializer.by(constructor);
  }

  /** Whether the JDK superclass holds the elements itself, unlike AbstractList and its like. */
  private static boolean extendsFilledJdkClass(Class<?> type) {
    Class<?> superclass = type;
    while (superclass != null && !ClassKinds.isJdk(superclass)) {
      superclass = superclass.getSuperclass();
    }
    return superclass != null
        && superclass != Object.class
        && !superclass.getSimpleName().startsWith("Abstract");
  }
}
