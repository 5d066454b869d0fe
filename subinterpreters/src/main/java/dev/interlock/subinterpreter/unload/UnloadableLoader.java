// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

/** What the cures ask of the class loader that is to be collected. */
public abstract class UnloadableLoader extends ClassLoader {
  /** As {@link ClassLoader#ClassLoader(String, ClassLoader)}. */
  protected UnloadableLoader(String name, ClassLoader parent) {
    super(name, parent);
  }

  /**
   * Whether code of this loader has linked to the class with this name, whoever defined it: what it
   * has not linked to it cannot have registered with.
   */
  final boolean hasLinkedTo(String className) {
    return findLoadedClass(className) != null;
  }

  /** Defines a class here whose original belongs to Interlock. */
  final Class<?> define(String name, byte[] bytes) {
    Class<?> known = findLoadedClass(name);
    return known != null ? known : defineClass(name, bytes, 0, bytes.length);
  }

  /** Whether the object's class was defined by this loader. */
  final boolean defined(Object object) {
    return object.getClass().getClassLoader() == this;
  }
}
