// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.TaskCodec;
import dev.interlock.subinterpreter.unload.UnloadableLoader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.jar.Attributes.Name;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The class loader of one interpreter: it defines every class of the class path anew, with statics
 * of its own, except those of {@link SharedPackages}.
 *
 * <p>Thread-safe and parallel capable. Nobody but its classes and its interpreter refers to it, so
 * it is collected with them.
 */
final class InterpreterLoader extends UnloadableLoader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(InterpreterLoader.class);

  static {
    registerAsParallelCapable();
  }

  private final long interpreter;
  private final ClassPathIndex index;
  private final SharedPackages shared;
  private final ConcurrentMap<CodeSource, ProtectionDomain> domains = new ConcurrentHashMap<>();
  private final TaskCodec codec;
  private volatile boolean closed;

  InterpreterLoader(String name, long interpreter, ClassPathIndex index, SharedPackages shared) {
    super(name, ClassLoader.getPlatformClassLoader());
    this.interpreter = interpreter;
    this.index = index;
    this.shared = shared;
    this.codec = new TaskCodec(this);
  }

  /** The id of the interpreter. */
  long interpreter() {
    return interpreter;
  }

  /** The loader of the application that the interpreter belongs to. */
  ClassLoader application() {
    return shared.application();
  }

  /** Encodes and decodes under this loader. */
  TaskCodec codec() {
    return codec;
  }

  /** Defines a class that is not on the class path. */
  Class<?> define(String name, byte[] bytes) {
    return defineClass(name, bytes, 0, bytes.length);
  }

  /** The class path that it loads from. */
  List<Path> classPath() {
    return index.path();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    ClassLoader other = shared.loaderOf(name);
    if (other != null) {
      return other.loadClass(name);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> type = findLoadedClass(name);
      if (type == null) {
        type = findClass(name);
      }
      if (resolve) {
        resolveClass(type);
      }
      return type;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (closed) {
      throw new ClassNotFoundException(name + ": " + getName() + " is closed");
    }
    ClassFile file;
    try {
      file = index.classFile(name);
    } catch (IOException | IllegalStateException e) {
      throw new ClassNotFoundException(name + " cannot be read in " + getName(), e);
    }
    if (file == null) {
      // What was appended to the boot class path has no package of a module.
      return getParent().loadClass(name);
    }
    int dot = name.lastIndexOf('.');
    if (dot > 0) {
      definePackage(name.substring(0, dot), file);
    }
    return defineClass(name, file.bytes(), 0, file.bytes().length, domain(file.source()));
  }

  private ProtectionDomain domain(CodeSource source) {
    return domains.computeIfAbsent(source, s -> new ProtectionDomain(s, null, this, null));
  }

  private void definePackage(String name, ClassFile file) {
    URL origin = file.source().getLocation();
    PackageAttributes attributes = new PackageAttributes(file.manifest(), name);
    Package existing = getDefinedPackage(name);
    if (existing == null) {
      try {
        definePackage(
            name,
            attributes.value(Name.SPECIFICATION_TITLE),
            attributes.value(Name.SPECIFICATION_VERSION),
            attributes.value(Name.SPECIFICATION_VENDOR),
            attributes.value(Name.IMPLEMENTATION_TITLE),
            attributes.value(Name.IMPLEMENTATION_VERSION),
            attributes.value(Name.IMPLEMENTATION_VENDOR),
            attributes.sealed() ? origin : null);
        return;
      } catch (IllegalArgumentException e) {
        existing = getDefinedPackage(name); // another thread has just defined it
        if (existing == null) {
          throw e;
        }
      }
    }
    attributes.check(existing, origin);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return closed ? null : index.resource(name);
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    return Collections.enumeration(closed ? List.of() : index.resources(name));
  }

  /** Reads from the open jar; a stream of the URL would open the jar again, for ever. */
  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    InputStream platform = getParent().getResourceAsStream(name);
    if (platform != null || closed) {
      return platform;
    }
    try {
      return index.open(name);
    } catch (IOException e) {
      log.warn("The resource {} cannot be read in {}", name, getName(), e);
      return null;
    }
  }

  /** Loads no more classes from now on; those that are there go on working. */
  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String toString() {
    return getName();
  }
}
