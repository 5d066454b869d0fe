// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an application's classes are: the directories and jars of {@code java.class.path}, those of
 * the {@link URLClassLoader}s in use, and what the manifests of these jars name in {@code
 * Class-Path}. In the order in which the application itself would look.
 */
final class ClassPath {
  private static final Logger log = LoggerFactory.getLogger(ClassPath.class);

  private final Set<Path> found = new LinkedHashSet<>();

  private ClassPath() {}

  /** The class path of an application whose own loader is {@code application}. Reads manifests. */
  static List<Path> of(ClassLoader application) {
    ClassPath path = new ClassPath();
    for (String element : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      path.add(Path.of(element));
    }
    for (ClassLoader loader : outermostFirst(application)) {
      path.addAllOf(loader);
    }
    return List.copyOf(path.found);
  }

  private static Deque<ClassLoader> outermostFirst(ClassLoader application) {
    Deque<ClassLoader> chain = new ArrayDeque<>();
    for (ClassLoader loader = application; loader != null; loader = loader.getParent()) {
      chain.push(loader);
    }
    return chain;
  }

  private void addAllOf(ClassLoader loader) {
    if (loader instanceof URLClassLoader urls) {
      for (URL url : urls.getURLs()) {
        Path file = fileOf(url);
        if (file == null) {
          log.warn("Interpreters do not see the classes of {}, which is not a local file", url);
        } else {
          add(file);
        }
      }
    } else if (loader instanceof InterpreterLoader interpreter) {
      interpreter.classPath().forEach(this::add);
    }
  }

  private static @Nullable Path fileOf(URL url) {
    try {
      return url.getProtocol().equals("file") ? Path.of(url.toURI()) : null;
    } catch (URISyntaxException | IllegalArgumentException e) {
      log.debug("{} cannot be read as a path", url, e);
      return null;
    }
  }

  private void add(Path element) {
    Path file = element.toAbsolutePath().normalize();
    if (Files.exists(file) && found.add(file) && Files.isRegularFile(file)) {
      referredToBy(file).forEach(this::add);
    }
  }

  /** What the manifest of a jar adds to the class path. */
  private static List<Path> referredToBy(Path file) {
    String elements;
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      elements =
          manifest == null
              ? null
              : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
    } catch (IOException e) {
      log.debug("{} is no jar", file, e);
      return List.of();
    }
    List<Path> paths = new ArrayList<>();
    for (String element : elements == null ? new String[0] : elements.trim().split(" +", -1)) {
      try {
        URI uri = file.toUri().resolve(element);
        if ("file".equals(uri.getScheme())) {
          paths.add(Path.of(uri));
        }
      } catch (IllegalArgumentException e) {
        log.debug("The manifest of {} names {}, which is no path", file, element, e);
      }
    }
    return paths;
  }
}
