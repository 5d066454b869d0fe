// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files in a directory that is in use: those that are renamed or deleted during a look are left
 * out, where {@link Files#walk} would fail.
 */
public final class LiveFiles {
  private LiveFiles() {}

  /** The regular files anywhere under {@code directory}. */
  public static List<Path> under(Path directory) throws IOException {
    return List.copyOf(sizes(directory).keySet());
  }

  /** The bytes of the regular files anywhere under {@code directory}. */
  public static long bytes(Path directory) throws IOException {
    return sizes(directory).values().stream().mapToLong(Long::longValue).sum();
  }

  private static Map<Path, Long> sizes(Path directory) throws IOException {
    Map<Path, Long> sizes = new LinkedHashMap<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              sizes.put(file, attributes.size());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return sizes;
  }
}
