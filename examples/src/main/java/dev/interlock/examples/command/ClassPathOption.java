// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.examples.BadUsageException;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where classes of the user's own are. */
final class ClassPathOption {
  @Option(
      names = "--classpath",
      paramLabel = "PATH",
      description = "Jars and directories with classes of your own.")
  private @Nullable String classPath;

  /** Its jars and directories, after checking that they can be read. */
  List<Path> entries() {
    List<Path> entries = new ArrayList<>();
    if (classPath == null) {
      return entries;
    }
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path path = pathOf(entry);
      if (entry.isBlank() || !Files.isReadable(path)) {
        throw new BadUsageException(
            "--classpath has '" + entry + "', which cannot be read. Give it jars or directories.");
      }
      entries.add(path);
    }
    return entries;
  }

  private static Path pathOf(String entry) {
    try {
      return Path.of(entry).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new BadUsageException("--classpath has '" + entry + "', which is not a path.", e);
    }
  }

  /** Finds these classes, and the command's own. */
  URLClassLoader loader() {
    List<URL> urls = new ArrayList<>();
    for (Path path : entries()) {
      try {
        urls.add(path.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new BadUsageException("--classpath has " + path + ", which has no URL.", e);
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassPathOption.class.getClassLoader());
  }
}
