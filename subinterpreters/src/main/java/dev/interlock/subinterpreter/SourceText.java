// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.List;

/** A source and where its lines begin. Lines and columns count from 1. Immutable. */
final class SourceText {
  private final String source;
  private final List<Part> parts;

  /**
   * A statement, declaration or expression.
   *
   * @param start where it begins in the source
   */
  record Part(int start, String code) {}

  SourceText(String source) {
    this.source = source;
    this.parts = new SourceSplitter(source).parts();
  }

  List<Part> parts() {
    return parts;
  }

  /** The line in which a position is. */
  int line(int position) {
    int line = 1;
    for (int i = 0; i < Math.min(position, source.length()); i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }

  private int column(int position) {
    int at = Math.min(position, source.length());
    return at - source.lastIndexOf('\n', at - 1);
  }

  InvalidSourceException.Problem problem(int position, String message) {
    int at = Math.max(0, position);
    return new InvalidSourceException.Problem(line(at), column(at), message);
  }
}
