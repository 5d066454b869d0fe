// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.NotShareableException;
import dev.interlock.UndecodableException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How to take a record of one class apart and put it together again. Kept in the class itself, so
 * that it goes with the class.
 */
final class RecordForm {
  /** Null for classes that are no records or closed to us. */
  private static final ClassValue<@Nullable RecordForm> FORMS =
      new ClassValue<>() {
        @Override
        protected @Nullable RecordForm computeValue(Class<?> type) {
          try {
            return type.isRecord() ? new RecordForm(type) : null;
          } catch (InaccessibleObjectException e) {
            return null;
          }
        }
      };

  private final Class<?> type;
  private final Method[] accessors;
  private final Constructor<?> constructor;

  /** Differs between records of other components. */
  private final int shape;

  private RecordForm(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new);
    this.type = type;
    accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
    for (Method accessor : accessors) {
      accessor.setAccessible(true);
    }
    try {
      constructor = type.getDeclaredConstructor(types);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record without its constructor: " + type, e);
    }
    constructor.setAccessible(true);
    shape =
        Arrays.stream(components)
            .map(component -> component.getName() + ":" + component.getType().getName())
            .collect(Collectors.joining(","))
            .hashCode();
  }

  /** The form of a class; null if it is no record, or closed to us. */
  static @Nullable RecordForm of(Class<?> type) {
    return FORMS.get(type);
  }

  /**
   * The form that a class of this name has under a loader.
   *
   * @throws UndecodableException if there is none, or it has other components
   */
  static RecordForm of(String name, int shape, ClassLoader loader) {
    RecordForm form;
    try {
      form = of(Class.forName(name, true, loader));
    } catch (ClassNotFoundException | LinkageError e) {
      throw new UndecodableException(
          "The record "
              + name
              + " has no class in the interpreter that gets it. Put the class on the class path.",
          e);
    }
    if (form == null || form.shape != shape) {
      throw new UndecodableException(
          "The class " + name + " is not the record that was put: its components differ.", null);
    }
    return form;
  }

  String className() {
    return type.getName();
  }

  int shape() {
    return shape;
  }

  int size() {
    return accessors.length;
  }

  String component(int index) {
    return accessors[index].getName();
  }

  /**
   * One component's value.
   *
   * @throws NotShareableException if its accessor throws
   */
  @Nullable Object get(Object instance, int index) {
    try {
      return accessors[index].invoke(instance);
    } catch (InvocationTargetException e) {
      throw new NotShareableException(
          type.getSimpleName() + "." + component(index),
          "Its accessor has thrown " + e.getCause() + ".",
          e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A record of these components.
   *
   * @throws UndecodableException if its constructor throws
   */
  Object make(@Nullable Object[] components) {
    try {
      return constructor.newInstance(components);
    } catch (InvocationTargetException e) {
      throw new UndecodableException(
          "The constructor of the record " + className() + " has thrown " + e.getCause() + ".",
          e.getCause());
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      throw new UndecodableException("The record " + className() + " cannot be made.", e);
    }
  }
}
