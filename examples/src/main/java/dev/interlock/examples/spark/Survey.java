// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.spark;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.examples.matrix.TextColumns;
import dev.interlock.examples.tasks.FileSummary;
import dev.interlock.examples.tasks.FileTasks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Reads all files below a folder, each in a task, and prints what they come to. There is nothing of
 * Spark in it: {@code -Dinterlock.strategy=spark -Dinterlock.spark.master=spark://host:7077} makes
 * the tasks run on a cluster, each of whose machines must see the folder under the same name.
 */
public final class Survey {
  private static final int LARGEST = 8;
  private static final int NAME_WIDTH = 32;
  private static final int DIGEST_WIDTH = 12;

  private Survey() {}

  /** Surveys the one folder given. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]).toAbsolutePath().normalize();
    List<String> files = List.copyOf(FileTasks.sizesBelow(folder).keySet());
    long openedNs = System.nanoTime();
    try (TaskExecutor executor = Interlock.open()) {
      long startNs = System.nanoTime();
      List<FileSummary> summaries;
      try (Stream<FileSummary> results = executor.map(FileSummary::of, files)) {
        summaries = results.toList();
      }
      long endNs = System.nanoTime();
      print(folder, summaries);
      System.out.printf(
          Locale.ROOT,
          "%n%s, %d workers: started in %.1f s, all files read in %.1f s.%n",
          executor.strategy(),
          executor.workers(),
          (startNs - openedNs) / 1e9,
          (endNs - startNs) / 1e9);
    }
  }

  private static void print(Path folder, List<FileSummary> summaries) {
    TextColumns columns = new TextColumns(2, 0);
    columns.row(List.of("bytes", "deflated", "words", "sha-256", "file"));
    summaries.stream()
        .sorted(Comparator.comparingLong(FileSummary::bytes).reversed())
        .limit(LARGEST)
        .forEach(one -> columns.row(row(folder, one)));
    columns.lines().forEach(System.out::println);
    System.out.printf(
        Locale.ROOT,
        "%n%,d files (the largest are above), %,d bytes, deflated %,d, %,d words%n",
        summaries.size(),
        summaries.stream().mapToLong(FileSummary::bytes).sum(),
        summaries.stream().mapToLong(FileSummary::deflatedBytes).sum(),
        summaries.stream().mapToLong(FileSummary::words).sum());
  }

  private static List<String> row(Path folder, FileSummary one) {
    return List.of(
        count(one.bytes()),
        count(one.deflatedBytes()),
        count(one.words()),
        one.sha256().substring(0, DIGEST_WIDTH),
        endOf(folder.relativize(Path.of(one.path())).toString()));
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** The end tells files apart. */
  private static String endOf(String name) {
    return name.length() <= NAME_WIDTH
        ? name
        : ".." + name.substring(name.length() - NAME_WIDTH + 2);
  }
}
