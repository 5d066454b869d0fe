// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Resolves class names read from a frame, through the codec's loader and no other. A name is shown
 * to the predicate before its class is looked for, once: the answer is remembered.
 */
final class ClassNames {
  private static final Map<String, Class<?>> PRIMITIVES = new HashMap<>();

  static {
    for (Class<?> primitive :
        new Class<?>[] {
          boolean.class,
          byte.class,
          char.class,
          short.class,
          int.class,
          long.class,
          float.class,
          double.class,
          void.class
        }) {
      PRIMITIVES.put(primitive.getName(), primitive);
    }
  }

  private final ClassLoader loader;
  private final Predicate<String> allowed;
  private final Map<String, Class<?>> resolved = new HashMap<>();

  ClassNames(ClassLoader loader, Predicate<String> allowed) {
    this.loader = loader;
    this.allowed = allowed;
  }

  ClassLoader loader() {
    return loader;
  }

  /** The class, not initialised. */
  Class<?> resolve(String name) {
    Class<?> type = resolved.get(name);
    if (type == null) {
      type = load(name);
      resolved.put(name, type);
    }
    return type;
  }

  /**
   * Fails unless the predicate admits {@code name}, the name of a class or of a kind of content.
   */
  void check(String name) {
    if (!allowed.test(name)) {
      throw new KryoException("The class " + name + " is not allowed here");
    }
  }

  private Class<?> load(String name) {
    Class<?> primitive = PRIMITIVES.get(name);
    if (primitive != null) {
      return primitive;
    }
    String element = elementName(name);
    if (!element.isEmpty()) {
      check(element);
    }
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new KryoException(
          "The class " + name + " cannot be loaded here: put it on the worker's class path", e);
    }
  }

  /** The class that an array's name is made of; empty for an array of primitives. */
  private static String elementName(String name) {
    int dimensions = 0;
    while (dimensions < name.length() && name.charAt(dimensions) == '[') {
      dimensions++;
    }
    if (dimensions == 0) {
      return name;
    }
    return name.endsWith(";") && name.length() > dimensions + 2
        ? name.substring(dimensions + 1, name.length() - 1)
        : "";
  }
}
