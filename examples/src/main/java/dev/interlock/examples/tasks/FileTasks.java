// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.TaskFunction;
import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.Load;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.TaskSetting;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Real input: every readable file below {@code --input} is hashed, deflated and word-counted. Left
 * out are {@code .git} and {@code target}, links, and what cannot be read.
 */
public final class FileTasks implements TaskSet<String, FileSummary> {
  private static final Set<String> SKIPPED = Set.of(".git", "target");
  private static final int FILES_QUICK = 1_000;
  private static final long BYTES_QUICK = 16_000_000;

  @Override
  public String name() {
    return "files";
  }

  @Override
  public Load load() {
    return Load.CPU;
  }

  @Override
  public List<String> inputs(TaskSetting setting) {
    SortedMap<String, Long> sizes;
    try {
      sizes = sizesBelow(setting.input());
    } catch (IOException e) {
      throw new BadUsageException("--input cannot be read: " + e.getMessage() + ".", e);
    }
    List<String> files = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, Long> file : sizes.entrySet()) {
      boolean enough = files.size() >= FILES_QUICK || bytes + file.getValue() > BYTES_QUICK;
      if (setting.quick() && enough) {
        break;
      }
      bytes += file.getValue();
      files.add(file.getKey());
    }
    if (files.isEmpty()) {
      throw new BadUsageException(
          "No readable file below " + setting.input() + ". Give --input a directory with some.");
    }
    return files;
  }

  /** The files that are read in that directory and below it, and their sizes. */
  public static SortedMap<String, Long> sizesBelow(Path directory) throws IOException {
    TreeMap<String, Long> sizes = new TreeMap<>();
    Files.walkFileTree(directory, new Collector(directory, sizes));
    return sizes;
  }

  @Override
  public TaskFunction<String, FileSummary> function() {
    return FileSummary::of;
  }

  @Override
  public @Nullable String scaledDown() {
    return "at most "
        + FILES_QUICK
        + " files and "
        + BYTES_QUICK / 1_000_000
        + " MB, the first by name";
  }

  private static final class Collector extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Map<String, Long> sizes;

    Collector(Path root, Map<String, Long> sizes) {
      this.root = root;
      this.sizes = sizes;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
      Path name = dir.getFileName();
      boolean skipped = name != null && SKIPPED.contains(name.toString()) && !dir.equals(root);
      return skipped ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile() && Files.isReadable(file)) {
        sizes.put(file.toString(), attributes.size());
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (file.equals(root)) {
        throw failure;
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
