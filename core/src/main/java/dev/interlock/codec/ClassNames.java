// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import java.util.HashMap;
import java.util.Map;

/**
 * Resolves class names read from a frame, through the codec's loader and no other. A name is shown
 * to the policy before its class is looked for, once: the answer is remembered.
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
  private final ClassPolicy policy;
  private final Map<String, Class<?>> resolved = new HashMap<>();
  private final Map<String, Class<?>> resolvedThrowables = new HashMap<>();

  ClassNames(ClassLoader loader, ClassPolicy policy) {
    this.loader = loader;
    this.policy = policy;
  }

  ClassPolicy policy() {
    return policy;
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

  /** The class of an exception, not initialised. Not one to make objects of but by its parts. */
  Class<?> resolveThrowable(String name) {
    Class<?> type = resolvedThrowables.get(name);
    if (type == null) {
      if (!policy.admitsThrowable(name)) {
        throw new KryoException(policy.refusal(name));
      }
      type = find(name);
      resolvedThrowables.put(name, type);
    }
    return type;
  }

  /** Fails unless the policy admits {@code name}, the name of a class or of a kind of content. */
  void check(String name) {
    if (!policy.admits(name)) {
      throw new KryoException(policy.refusal(name));
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
    return find(name);
  }

  private Class<?> find(String name) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw new KryoException(
          "The class " + name + " cannot be loaded here: put it on the worker's class path", e);
    }
  }

  /** The class that an array's name is made of; empty for an array of primitives. */
  static String elementName(String name) {
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
