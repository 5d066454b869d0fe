// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.SoftReference;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A class path, opened once for all interpreters of an executor. The bytes of a class are read once
 * and kept, softly, for the interpreters that load it after the first.
 *
 * <p>Thread-safe, without locks: two interpreters that look for a class at once may both read it.
 */
final class ClassPathIndex implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClassPathIndex.class);

  private final List<Path> path;
  private final List<ClassContainer> containers;
  private final ConcurrentMap<String, SoftReference<ClassFile>> classes = new ConcurrentHashMap<>();

  /**
   * Opens the jars.
   *
   * @throws IOException if one cannot be read
   */
  ClassPathIndex(List<Path> path) throws IOException {
    this.path = path;
    this.containers = new ArrayList<>();
    try {
      for (Path element : path) {
        if (Files.isDirectory(element)) {
          containers.add(new DirectoryContainer(element));
        } else {
          addJar(element);
        }
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void addJar(Path file) throws IOException {
    try {
      containers.add(new JarContainer(file));
    } catch (ZipException e) {
      log.debug("{} is on the class path, but is no jar", file, e);
    }
  }

  /** The elements of the class path. */
  List<Path> path() {
    return path;
  }

  /** The class file of a class, by the class's name; null if there is none. */
  @Nullable ClassFile classFile(String className) throws IOException {
    SoftReference<ClassFile> kept = classes.get(className);
    ClassFile file = kept == null ? null : kept.get();
    if (file == null) {
      file = read(className.replace('.', '/') + ".class");
      if (file != null) {
        classes.put(className, new SoftReference<>(file));
      }
    }
    return file;
  }

  private @Nullable ClassFile read(String name) throws IOException {
    for (ClassContainer container : containers) {
      ClassFile file = container.read(name);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  /** Where a resource is first found; null if it is nowhere. */
  @Nullable URL resource(String name) {
    for (ClassContainer container : containers) {
      URL url = container.url(name);
      if (url != null) {
        return url;
      }
    }
    return null;
  }

  /** All places where a resource is found. */
  List<URL> resources(String name) {
    List<URL> urls = new ArrayList<>();
    for (ClassContainer container : containers) {
      URL url = container.url(name);
      if (url != null) {
        urls.add(url);
      }
    }
    return urls;
  }

  /** The content of a resource; null if it is nowhere. */
  @Nullable InputStream open(String name) throws IOException {
    for (ClassContainer container : containers) {
      InputStream content = container.open(name);
      if (content != null) {
        return content;
      }
    }
    return null;
  }

  /** Closes the jars. What is asked for afterwards fails with an {@link IllegalStateException}. */
  @Override
  public void close() {
    for (ClassContainer container : containers) {
      try {
        container.close();
      } catch (IOException e) {
        log.warn("Cannot close {}", container, e);
      }
    }
    classes.clear();
  }
}
