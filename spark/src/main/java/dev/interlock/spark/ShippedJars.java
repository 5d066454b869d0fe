// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;

/**
 * What executors need besides Spark: Interlock, and the user's classes. Folders of classes are
 * packed as jars. What Spark brings along is left out, by the names of its jars: Spark's own come
 * first in an executor anyway.
 */
final class ShippedJars {
  private static final Pattern VERSION = Pattern.compile("-\\d[^/]*\\.jar$");

  private final List<Path> entries;

  private ShippedJars(List<Path> entries) {
    this.entries = entries;
  }

  /**
   * @throws dev.interlock.ConfigurationException if a jar that is named does not exist
   */
  static ShippedJars find(SparkOptions options) {
    Set<String> ofSpark = ofSpark();
    List<Path> classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.isBlank())
            .map(Path::of)
            .filter(Files::exists)
            .filter(entry -> !ofSpark.contains(nameOf(entry)))
            .toList();
    if (options.jars() == null) {
      return new ShippedJars(classPath);
    }
    List<Path> chosen = new ArrayList<>();
    for (String jar : options.jars()) {
      Path path = Path.of(jar);
      if (!Files.exists(path)) {
        throw new dev.interlock.ConfigurationException(
            "interlock.spark.jars has '" + jar + "', but there is no such file or folder.", null);
      }
      chosen.add(path);
    }
    classPath.stream()
        .filter(ShippedJars::isOfInterlock)
        .filter(entry -> !chosen.contains(entry))
        .forEach(chosen::add);
    return new ShippedJars(chosen);
  }

  /** Interlock's modules, and the libraries that its codec and its API are made with. */
  private static boolean isOfInterlock(Path entry) {
    String name = nameOf(entry);
    return name.startsWith("interlock")
        || Set.of("kryo5", "guava", "failureaccess", "config", "jspecify").contains(name)
        || (Files.isDirectory(entry) && Files.isDirectory(entry.resolve("dev/interlock")));
  }

  private static String nameOf(Path entry) {
    return VERSION.matcher(String.valueOf(entry.getFileName())).replaceFirst("");
  }

  private static Set<String> ofSpark() {
    try (InputStream in = ShippedJars.class.getResourceAsStream("provided.txt")) {
      if (in == null) {
        throw new IllegalStateException("provided.txt is missing in the jar of interlock-spark");
      }
      return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
          .lines()
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Before the context starts. */
  void putInto(SparkConf conf, Path scratch) {
    try {
      conf.set(
          "spark.jars",
          packed(scratch).stream().map(Path::toString).collect(Collectors.joining(",")));
    } catch (IOException e) {
      throw new UncheckedIOException("spark cannot start: the classes cannot be packed", e);
    }
  }

  /** To one that runs: executors fetch them before their next task. Not from several threads. */
  void addTo(SparkContext spark) {
    try {
      AdoptedJars before = AdoptedJars.of(spark);
      ShippedJars added = new ShippedJars(entries.stream().filter(before::isNew).toList());
      for (Path jar : added.packed(before.folder())) {
        spark.addJar(jar.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("spark cannot start: the classes cannot be packed", e);
    }
  }

  private List<Path> packed(Path scratch) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (Path entry : entries) {
      if (Files.isDirectory(entry)) {
        Path jar = Files.createTempFile(scratch, "classes-", ".jar");
        pack(entry, jar);
        jars.add(jar);
      } else {
        jars.add(entry.toAbsolutePath());
      }
    }
    return jars;
  }

  private static void pack(Path folder, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(folder)) {
      out.setLevel(1);
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
        out.putNextEntry(new ZipEntry(name));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }
}
