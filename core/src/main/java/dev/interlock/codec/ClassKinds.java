// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import org.jspecify.annotations.Nullable;

/** Questions about classes that several places ask. */
final class ClassKinds {
  private ClassKinds() {}

  /** Whether the class belongs to the JDK: its fields are closed, and both sides have it. */
  static boolean isJdk(Class<?> type) {
    String module = type.getModule().getName();
    return module != null && (module.startsWith("java.") || module.startsWith("jdk."));
  }

  static boolean isLambda(Class<?> type) {
    return type.isSynthetic() && type.isHidden();
  }

  /** The public constructor without parameters of a public class, which needs no opening. */
  static @Nullable Constructor<?> publicConstructor(Class<?> type) {
    boolean visible =
        Modifier.isPublic(type.getModifiers())
            && !Modifier.isAbstract(type.getModifiers())
            && (!type.isMemberClass() || Modifier.isPublic(type.getDeclaringClass().getModifiers()))
            && type.getModule().isExported(type.getPackageName(), ClassKinds.class.getModule());
    if (!visible) {
      return null;
    }
    try {
      return type.getConstructor();
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /** Whether a class between {@code type} and the JDK declares a field that is not transient. */
  static boolean hasOwnFields(Class<?> type) {
    for (Class<?> c = type; c != null && !isJdk(c); c = c.getSuperclass()) {
      for (var field : c.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (!Modifier.isStatic(modifiers) && !Modifier.isTransient(modifiers)) {
          return true;
        }
      }
    }
    return false;
  }
}
