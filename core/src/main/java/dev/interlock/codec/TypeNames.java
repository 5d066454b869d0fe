// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import org.jspecify.annotations.Nullable;

/** Class names as the messages print them. */
final class TypeNames {
  private TypeNames() {}

  static String of(@Nullable Object value) {
    return value == null ? "null" : of(value.getClass());
  }

  static String of(Class<?> type) {
    if (type.isHidden() && type.isSynthetic()) {
      int marker = type.getName().indexOf("$$Lambda");
      return "lambda of " + (marker < 0 ? type.getName() : type.getName().substring(0, marker));
    }
    return type.getTypeName();
  }

  /** How the root of a path is called: short, because the reader knows what was submitted. */
  static String root(@Nullable Object root) {
    if (root == null) {
      return "null";
    }
    Class<?> type = root.getClass();
    while (type.isArray()) {
      type = type.getComponentType();
    }
    String name = type.getName();
    return name.substring(name.lastIndexOf('.') + 1).replace('$', '.');
  }

  /** {@code a/b/Outer$Inner} as {@code Outer.Inner}. */
  static String ofInternalName(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
  }

  static String brief(Throwable thrown) {
    String message = SafeThrowable.message(thrown);
    String name = thrown.getClass().getSimpleName();
    return message == null ? name : name + ": " + message;
  }
}
