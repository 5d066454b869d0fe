// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The class path of children. The jars that every child loads classes from come first: a class-data
 * archive fits a class path that begins as the one did which it was made from, so one archive
 * serves every application. Among themselves they keep their order, and so does the rest.
 *
 * @param library the entries that come first
 * @param application all others
 */
record ChildClassPath(List<String> library, List<String> application) {
  private static final Logger log = LoggerFactory.getLogger(ChildClassPath.class);

  /**
   * One class of each jar that every child loads classes from. No more than these: the class of a
   * task is looked for in all jars before its own, and opening a large one takes milliseconds.
   */
  private static final List<String> LOADED =
      List.of(
          "dev.interlock.process.WorkerMain",
          "dev.interlock.codec.TaskCodec",
          "com.esotericsoftware.kryo.kryo5.Kryo");

  /** One class of each other jar that these need. */
  private static final List<String> NEEDED =
      List.of(
          "org.slf4j.Logger",
          "com.google.common.util.concurrent.ListenableFuture",
          "com.google.common.util.concurrent.internal.InternalFutureFailureAccess",
          "com.typesafe.config.Config");

  ChildClassPath {
    library = List.copyOf(library);
    application = List.copyOf(application);
  }

  /** This JVM's own class path, as it is. */
  static ChildClassPath inherited() {
    return new ChildClassPath(List.of(), own());
  }

  /**
   * This JVM's own class path with the library first, or as it is where the library is not made of
   * jars of that path.
   */
  static ChildClassPath libraryFirst() {
    List<String> own = own();
    Set<String> library = new LinkedHashSet<>(locations(LOADED));
    library.retainAll(own);
    List<String> first = own.stream().filter(library::contains).distinct().toList();
    ChildClassPath path =
        new ChildClassPath(first, own.stream().filter(Predicate.not(library::contains)).toList());
    return path.isOfJars() ? path : inherited();
  }

  /** The library, these entries, and what the library needs. */
  static ChildClassPath of(List<String> entries) {
    Set<String> library = new LinkedHashSet<>(locations(LOADED));
    Set<String> others = new LinkedHashSet<>(entries);
    others.addAll(locations(NEEDED));
    others.removeAll(library);
    return new ChildClassPath(List.copyOf(library), List.copyOf(others));
  }

  /** Whether the library is there, and all of it jars: no archive can be made from directories. */
  boolean isOfJars() {
    return !library.isEmpty()
        && library.stream()
            .allMatch(entry -> entry.endsWith(".jar") && Files.isRegularFile(Path.of(entry)));
  }

  /** The part that all applications have. */
  String libraryText() {
    return String.join(File.pathSeparator, library);
  }

  String text() {
    List<String> all = new ArrayList<>(library);
    all.addAll(application);
    return String.join(File.pathSeparator, all);
  }

  /** Absolute, because children may have another working directory. */
  private static List<String> own() {
    String written = System.getProperty("java.class.path", "");
    return List.of(written.split(File.pathSeparator, -1)).stream()
        .map(ChildClassPath::absolute)
        .toList();
  }

  static String absolute(String entry) {
    return Path.of(entry).toAbsolutePath().toString();
  }

  private static List<String> locations(List<String> markers) {
    List<String> locations = new ArrayList<>();
    for (String marker : markers) {
      try {
        CodeSource source =
            Class.forName(marker, false, ChildClassPath.class.getClassLoader())
                .getProtectionDomain()
                .getCodeSource();
        if (source != null && source.getLocation().getProtocol().equals("file")) {
          locations.add(Path.of(source.getLocation().toURI()).toString());
        }
      } catch (ClassNotFoundException | URISyntaxException | IllegalArgumentException e) {
        log.debug("No jar is known that holds {}", marker, e);
      }
    }
    return locations;
  }
}
