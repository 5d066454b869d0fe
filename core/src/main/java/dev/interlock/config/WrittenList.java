// SPDX-License-Identifier: Apache-2.0
package dev.interlock.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A list of texts that is written in one text. */
final class WrittenList {
  /** A word: parts in quotes and parts without blanks, with nothing between them. */
  private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])+");

  private static final Pattern PART = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\"']+)");

  private WrittenList() {}

  /**
   * In HOCON's form if it begins with a bracket, and else words separated by blanks.
   *
   * @throws ConfigException if a bracket or a quote is not closed
   */
  static List<String> parse(String written) {
    String stripped = written.strip();
    if (stripped.startsWith("[")) {
      return ConfigFactory.parseString("list = " + stripped).getStringList("list");
    }
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(stripped);
    int end = 0;
    while (word.find()) {
      requireBlank(stripped, end, word.start());
      words.add(PART.matcher(word.group()).replaceAll("$1$2$3"));
      end = word.end();
    }
    requireBlank(stripped, end, stripped.length());
    return words;
  }

  private static void requireBlank(String text, int from, int to) {
    if (!text.substring(from, to).isBlank()) {
      throw new ConfigException.BadPath(text, "a quote is not closed");
    }
  }
}
