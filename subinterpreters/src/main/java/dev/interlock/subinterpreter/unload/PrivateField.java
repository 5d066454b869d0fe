// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/**
 * A private field of a class of the JDK, which has no other way to the same end. It can be reached
 * where {@code java.lang.reflect} is open to Interlock, which Chronicle Queue needs as well.
 */
final class PrivateField {
  private static final @Nullable Method SET_ACCESSIBLE = setAccessible();

  private final Field field;

  private PrivateField(Field field) {
    this.field = field;
  }

  /** Null if this JVM has no such field, or does not let us at it. */
  static @Nullable PrivateField of(String className, String name) {
    if (SET_ACCESSIBLE == null) {
      return null;
    }
    try {
      Field field = Class.forName(className).getDeclaredField(name);
      SET_ACCESSIBLE.invoke(field, true);
      return new PrivateField(field);
    } catch (ClassNotFoundException | NoSuchFieldException | IllegalAccessException e) {
      return null;
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Method setAccessible() {
    try {
      Method method = AccessibleObject.class.getDeclaredMethod("setAccessible0", boolean.class);
      return method.trySetAccessible() ? method : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /**
   * The value in {@code object}, or the static one if that is null.
   *
   * @throws IllegalAccessException never, in a JVM in which {@link #of} gave a field
   */
  @Nullable Object get(@Nullable Object object) throws IllegalAccessException {
    return field.get(object);
  }

  void set(Object object, @Nullable Object value) throws IllegalAccessException {
    field.set(object, value);
  }
}
