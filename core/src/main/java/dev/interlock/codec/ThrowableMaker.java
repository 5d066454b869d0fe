// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes throwables of any class with a given message, past the constructors of the class itself: as
 * Java serialization would, but by {@link Throwable#Throwable(String)}, or by the constructor of a
 * JDK class with closed fields. Found reflectively because {@code sun.reflect} is not visible when
 * compiling for a release.
 */
final class ThrowableMaker {
  private static final String PROBE = "\u0001message\u0001";

  private final Map<Class<?>, Constructor<?>> constructors = new HashMap<>();
  private final Map<Class<?>, Constructor<?>> formConstructors = new HashMap<>();

  Throwable make(Class<?> type, @Nullable String message) {
    return make(
        constructors.computeIfAbsent(type, ThrowableMaker::newConstructorForSerialization),
        message);
  }

  /** Makes one by the constructor of the known class that {@code type} is or extends. */
  Throwable make(Class<?> type, ClosedThrowables.Form form, @Nullable Object[] arguments) {
    Constructor<?> known = form.constructor();
    return make(
        known.getDeclaringClass() == type
            ? known
            : formConstructors.computeIfAbsent(type, c -> newConstructorForSerialization(c, known)),
        arguments);
  }

  private static Throwable make(Constructor<?> constructor, @Nullable Object... arguments) {
    try {
      return (Throwable) constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new KryoException(e);
    }
  }

  /**
   * The message that a throwable was made with. A class may override {@code getMessage} to add to
   * it; made again with what that returns, it would add twice. So a twin with a known message shows
   * what is added.
   */
  @Nullable String originalMessage(Throwable thrown, List<FieldSlot> fields) {
    String message = SafeThrowable.message(thrown);
    if (message == null || !overridesMessage(thrown.getClass())) {
      return message;
    }
    String shown;
    try {
      Throwable twin = make(thrown.getClass(), PROBE);
      Throwable cause = SafeThrowable.cause(thrown);
      if (cause != null) {
        twin.initCause(cause);
      }
      for (FieldSlot field : fields) {
        field.set(twin, field.get(thrown));
      }
      shown = String.valueOf(twin.getMessage());
    } catch (RuntimeException e) {
      return message;
    }
    int start = shown.indexOf(PROBE);
    if (start < 0) {
      return message;
    }
    String before = shown.substring(0, start);
    String after = shown.substring(start + PROBE.length());
    boolean fits =
        message.length() >= before.length() + after.length()
            && message.startsWith(before)
            && message.endsWith(after);
    return fits ? message.substring(before.length(), message.length() - after.length()) : message;
  }

  private static boolean overridesMessage(Class<?> type) {
    try {
      return !ClassKinds.isJdk(type.getMethod("getMessage").getDeclaringClass());
    } catch (NoSuchMethodException e) {
      throw new KryoException(e);
    }
  }

  private static Constructor<?> newConstructorForSerialization(Class<?> type) {
    try {
      return newConstructorForSerialization(type, Throwable.class.getConstructor(String.class));
    } catch (NoSuchMethodException e) {
      throw new KryoException(e);
    }
  }

  private static Constructor<?> newConstructorForSerialization(
      Class<?> type, Constructor<?> ofSuperclass) {
    try {
      Class<?> factoryClass = Class.forName("sun.reflect.ReflectionFactory");
      Object factory = factoryClass.getMethod("getReflectionFactory").invoke(null);
      Method make =
          factoryClass.getMethod("newConstructorForSerialization", Class.class, Constructor.class);
      return (Constructor<?>) make.invoke(factory, type, ofSuperclass);
    } catch (ReflectiveOperationException e) {
      throw new KryoException(
          "Exceptions cannot be decoded without the module jdk.unsupported: add it to the run-time"
              + " image",
          e);
    }
  }
}
