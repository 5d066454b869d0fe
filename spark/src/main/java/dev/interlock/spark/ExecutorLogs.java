// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last lines of what executors have written, from the web pages of their Workers. */
final class ExecutorLogs {
  private static final Logger log = LoggerFactory.getLogger(ExecutorLogs.class);
  private static final int MOST_LINES = 20;
  private static final int MOST_BYTES = 16 << 10;

  private ExecutorLogs() {}

  /** Standard error of an executor that is or was there; empty if it cannot be had. */
  static String stderr(SparkContext spark, String executorId) {
    try {
      var page = spark.statusStore().executorSummary(executorId).executorLogs().get("stderr");
      return page.isEmpty() ? "" : tail(page.get());
    } catch (NoSuchElementException e) {
      return "";
    }
  }

  /**
   * Both outputs of an executor of an application, from the Worker whose web page is at {@code
   * worker}: a JVM that cannot start says so on its standard output.
   */
  static String both(String worker, String applicationId, String executorId) {
    String page =
        worker + "/logPage/?appId=" + applicationId + "&executorId=" + executorId + "&logType=";
    return Stream.of(tail(page + "stdout"), tail(page + "stderr"))
        .filter(text -> !text.isBlank())
        .collect(Collectors.joining("\n"));
  }

  /** The page is for people; the same address under {@code /log/} gives the text. */
  private static String tail(String page) {
    String address = page.replace("/logPage/", "/log/") + "&byteLength=" + MOST_BYTES;
    try (InputStream in = WebPage.open(address)) {
      return lastLines(new String(in.readNBytes(2 * MOST_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      log.debug("No log at {}", address, e);
      return "";
    }
  }

  /** Without what Spark itself writes: how much it is, and the command of the executor. */
  private static String lastLines(String text) {
    List<String> lines =
        text.lines()
            .filter(line -> !line.startsWith("====") && !line.startsWith("Spark Executor Command:"))
            .toList();
    return lines.stream()
        .skip(Math.max(0, lines.size() - MOST_LINES))
        .collect(Collectors.joining("\n"));
  }
}
