// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.objenesis.instantiator.ObjectInstantiator;
import com.esotericsoftware.kryo.kryo5.objenesis.strategy.StdInstantiatorStrategy;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects by their constructor without parameters, or, where there is none, without any
 * constructor. Plain reflection: ReflectASM, Kryo's default, costs 10 ms and more at start-up.
 */
final class Instantiators {
  private Instantiators() {}

  static ObjectInstantiator<?> of(Class<?> type) {
    if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
      throw new KryoException(
          "An instance of " + type.getName() + " cannot be made: it is abstract");
    }
    Constructor<?> constructor = noArgConstructor(type);
    if (constructor == null) {
      return new StdInstantiatorStrategy().newInstantiatorOf(type);
    }
    return () -> newInstance(constructor);
  }

  /** The accessible constructor without parameters, or null. */
  static @Nullable Constructor<?> noArgConstructor(Class<?> type) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      return constructor.trySetAccessible() ? constructor : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  static Object newInstance(Constructor<?> constructor) {
    try {
      return constructor.newInstance();
    } catch (InvocationTargetException e) {
      throw new KryoException(
          "The constructor of " + constructor.getDeclaringClass().getName() + " failed",
          e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new KryoException(e);
    }
  }
}
