// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All classes that a class loader could find, by name; only to help who has mistyped one. */
final class ClassNames {
  private static final Logger log = LoggerFactory.getLogger(ClassNames.class);
  private static final String SUFFIX = ".class";

  private final List<String> names = new ArrayList<>();

  private ClassNames() {}

  /** Those whose simple name, or whole name, is near {@code wanted}. */
  static List<String> near(String wanted, ClassLoader loader) {
    ClassNames all = new ClassNames();
    all.collect(loader);
    String simple = simple(wanted);
    List<String> near = NearMatches.of(simple, all.names.stream().map(ClassNames::simple).toList());
    return near.stream()
        .flatMap(one -> all.names.stream().filter(name -> simple(name).equals(one)).distinct())
        .limit(NearMatches.MOST)
        .toList();
  }

  private static String simple(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private void collect(ClassLoader loader) {
    for (@Nullable ClassLoader one = loader; one != null; one = one.getParent()) {
      if (one instanceof URLClassLoader user) {
        for (URL url : user.getURLs()) {
          if (url.getProtocol().equals("file")) {
            addEntry(pathOf(url));
          }
        }
      }
    }
    for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        addEntry(Path.of(entry));
      }
    }
    ModuleFinder.ofSystem().findAll().forEach(this::addModule);
  }

  private static Path pathOf(URL url) {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      return Path.of(url.getPath());
    }
  }

  private void addEntry(Path entry) {
    try {
      if (Files.isDirectory(entry)) {
        try (Stream<Path> files = Files.walk(entry)) {
          files.forEach(
              file -> add(entry.relativize(file).toString().replace(File.separatorChar, '/')));
        }
      } else if (Files.isRegularFile(entry)) {
        try (ZipFile jar = new ZipFile(entry.toFile())) {
          jar.stream().map(ZipEntry::getName).forEach(this::add);
        }
      }
    } catch (IOException e) {
      log.debug("{} is left out of the search for near matches", entry, e);
    }
  }

  private void addModule(ModuleReference module) {
    try (ModuleReader reader = module.open();
        Stream<String> resources = reader.list()) {
      resources.forEach(this::add);
    } catch (IOException e) {
      log.debug("{} is left out of the search for near matches", module, e);
    }
  }

  private void add(String resource) {
    if (resource.endsWith(SUFFIX) && !resource.startsWith("META-INF/")) {
      names.add(resource.substring(0, resource.length() - SUFFIX.length()).replace('/', '.'));
    }
  }
}
