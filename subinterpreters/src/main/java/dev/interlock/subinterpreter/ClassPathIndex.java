// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A class path, opened once for all interpreters. The bytes of a class are read once and kept,
 * softly, for the interpreters that load it after the first.
 *
 * <p>Closed, it keeps no file open; {@link #again} gives one with the same content, as long as the
 * files are what they were, that opens them only for what is not known yet.
 *
 * <p>Thread-safe. Only opening takes a lock, the index's own: two interpreters that look for a
 * class at once may both read it.
 */
final class ClassPathIndex implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClassPathIndex.class);

  /** A jar as it was when it was opened. */
  private record Stamp(Path file, FileTime modified, long bytes) {
    static Stamp of(Path file) throws IOException {
      return new Stamp(file, Files.getLastModifiedTime(file), Files.size(file));
    }

    boolean isStillTrue() {
      try {
        return equals(of(file));
      } catch (IOException e) {
        log.debug("{} is gone", file, e);
        return false;
      }
    }
  }

  private final List<Path> path;
  private final List<Stamp> jars;
  private final ConcurrentMap<String, SoftReference<ClassFile>> classes;

  /** Null until something is looked for; written under the lock. */
  private volatile @Nullable List<ClassContainer> containers;

  private volatile boolean closed;

  /**
   * Opens the jars.
   *
   * @throws IOException if one cannot be read
   */
  ClassPathIndex(List<Path> path) throws IOException {
    this(path, new ArrayList<>(), new ConcurrentHashMap<>());
    for (Path element : path) {
      if (Files.isRegularFile(element)) {
        jars.add(Stamp.of(element));
      }
    }
    containers();
  }

  private ClassPathIndex(
      List<Path> path, List<Stamp> jars, ConcurrentMap<String, SoftReference<ClassFile>> classes) {
    this.path = path;
    this.jars = jars;
    this.classes = classes;
  }

  /** This one, opened again; null if a jar has changed since. Directories are read anew. */
  @Nullable ClassPathIndex again() {
    for (Stamp jar : jars) {
      if (!jar.isStillTrue()) {
        return null;
      }
    }
    ConcurrentMap<String, SoftReference<ClassFile>> known = new ConcurrentHashMap<>(classes);
    known
        .values()
        .removeIf(
            kept -> {
              ClassFile file = kept.get();
              return file == null || !file.isOfJar();
            });
    return new ClassPathIndex(path, jars, known);
  }

  private List<ClassContainer> containers() throws IOException {
    List<ClassContainer> opened = containers;
    if (opened != null) {
      return opened;
    }
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("The class path is closed.");
      }
      if (containers == null) {
        containers = open(path);
      }
      return containers;
    }
  }

  private static List<ClassContainer> open(List<Path> path) throws IOException {
    List<ClassContainer> containers = new ArrayList<>();
    try {
      for (Path element : path) {
        if (Files.isDirectory(element)) {
          containers.add(new DirectoryContainer(element));
        } else {
          addJar(containers, element);
        }
      }
      return containers;
    } catch (IOException | RuntimeException e) {
      closeAll(containers);
      throw e;
    }
  }

  private static void addJar(List<ClassContainer> containers, Path file) throws IOException {
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
    for (ClassContainer container : containers()) {
      ClassFile file = container.read(name);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  /** Where a resource is first found; null if it is nowhere. */
  @Nullable URL resource(String name) {
    for (ClassContainer container : containersForResources()) {
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
    for (ClassContainer container : containersForResources()) {
      URL url = container.url(name);
      if (url != null) {
        urls.add(url);
      }
    }
    return urls;
  }

  /** The content of a resource; null if it is nowhere. */
  @Nullable InputStream open(String name) throws IOException {
    for (ClassContainer container : containers()) {
      InputStream content = container.open(name);
      if (content != null) {
        return content;
      }
    }
    return null;
  }

  private List<ClassContainer> containersForResources() {
    try {
      return containers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes the jars. What is asked for afterwards fails with an {@link IllegalStateException}. */
  @Override
  public synchronized void close() {
    closed = true;
    List<ClassContainer> opened = containers;
    if (opened != null) {
      closeAll(opened);
    }
  }

  private static void closeAll(List<ClassContainer> containers) {
    for (ClassContainer container : containers) {
      try {
        container.close();
      } catch (IOException e) {
        log.warn("Cannot close {}", container, e);
      }
    }
  }
}
