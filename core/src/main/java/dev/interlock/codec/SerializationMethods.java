// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import java.io.Externalizable;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** The methods by which a class takes part in Java serialization. */
final class SerializationMethods {
  private SerializationMethods() {}

  static @Nullable Method writeReplace(Class<?> type) {
    return replacement(type, "writeReplace");
  }

  static @Nullable Method readResolve(Class<?> type) {
    return replacement(type, "readResolve");
  }

  /** Whether the class itself, or a superclass of its own making, writes or reads its content. */
  static boolean writesItself(Class<?> type) {
    if (!Serializable.class.isAssignableFrom(type)) {
      return false;
    }
    if (Externalizable.class.isAssignableFrom(type)) {
      return true;
    }
    for (Class<?> c = type; c != null && !ClassKinds.isJdk(c); c = c.getSuperclass()) {
      if (declares(c, "writeObject", ObjectOutputStream.class)
          || declares(c, "readObject", ObjectInputStream.class)) {
        return true;
      }
    }
    return false;
  }

  private static boolean declares(Class<?> type, String name, Class<?> parameter) {
    try {
      return Modifier.isPrivate(type.getDeclaredMethod(name, parameter).getModifiers());
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /** Looked up as Java serialization does: inherited unless private or out of reach. */
  private static @Nullable Method replacement(Class<?> type, String name) {
    if (!Serializable.class.isAssignableFrom(type)) {
      return null;
    }
    Class<?> declaring = type;
    while (declaring != null) {
      try {
        Method method = declaring.getDeclaredMethod(name);
        return usable(method, type) && method.trySetAccessible() ? method : null;
      } catch (NoSuchMethodException e) {
        declaring = declaring.getSuperclass();
      }
    }
    return null;
  }

  private static boolean usable(Method method, Class<?> type) {
    int modifiers = method.getModifiers();
    Class<?> declaring = method.getDeclaringClass();
    boolean inherited =
        Modifier.isPublic(modifiers)
            || Modifier.isProtected(modifiers)
            || (!Modifier.isPrivate(modifiers)
                && declaring.getPackageName().equals(type.getPackageName()));
    return method.getReturnType() == Object.class
        && !Modifier.isStatic(modifiers)
        && (declaring == type || inherited);
  }

  static Object invoke(Method method, Object target, Object... arguments) {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw new KryoException(
          method.getDeclaringClass().getName() + "." + method.getName() + " failed", e.getCause());
    } catch (IllegalAccessException e) {
      throw new KryoException(e);
    }
  }
}
