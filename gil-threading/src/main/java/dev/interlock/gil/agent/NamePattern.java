// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import java.util.regex.Pattern;

/**
 * Names of classes: {@code com.foo.Bar} is that class and those nested in it, {@code com.foo.} all
 * classes of the package and those below it, and {@code *} stands for any characters.
 */
final class NamePattern {
  private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{N}_$.*-]+");

  private final String text;
  private final Pattern pattern;

  private NamePattern(String text, Pattern pattern) {
    this.text = text;
    this.pattern = pattern;
  }

  /**
   * The pattern that is written so.
   *
   * @throws IllegalArgumentException if it is not one; the message says what is
   */
  static NamePattern of(String text) {
    if (!ALLOWED.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a pattern for class names. Write a class (com.foo.Bar), a package"
              + " (com.foo.), or either with * for any characters (com.foo.*Task).");
    }
    StringBuilder expression = new StringBuilder();
    for (String part : text.split("((?<=\\*)|(?=\\*))", -1)) {
      expression.append(part.equals("*") ? ".*" : Pattern.quote(part));
    }
    if (text.endsWith(".")) {
      expression.append(".*");
    } else if (!text.endsWith("*")) {
      expression.append("(\\$.*)?");
    }
    return new NamePattern(text, Pattern.compile(expression.toString()));
  }

  /** Whether that class is meant; its name has dots. */
  boolean matches(String className) {
    return pattern.matcher(className).matches();
  }

  @Override
  public String toString() {
    return text;
  }
}
