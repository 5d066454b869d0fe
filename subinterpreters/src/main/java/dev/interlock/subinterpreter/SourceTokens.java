// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a Java source, as far as dividing it into statements needs them: comments are left
 * out, words and literals are one token each, every other character is one. Damaged source gives
 * tokens as well; the compiler will tell what is wrong with it.
 */
final class SourceTokens {
  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  /**
   * One token.
   *
   * @param start where it begins
   * @param end where it ends
   * @param text the word or character; of a literal, its first character
   */
  record Token(int start, int end, String text) {
    boolean is(String other) {
      return text.equals(other);
    }

    boolean isWord() {
      return Character.isJavaIdentifierStart(text.charAt(0));
    }
  }

  private SourceTokens(String source) {
    this.source = source;
  }

  static List<Token> of(String source) {
    SourceTokens tokens = new SourceTokens(source);
    while (tokens.at < source.length()) {
      tokens.next();
    }
    return tokens.tokens;
  }

  private void next() {
    char c = source.charAt(at);
    if (Character.isWhitespace(c)) {
      at++;
    } else if (source.startsWith("//", at)) {
      at = orEnd(source.indexOf('\n', at));
    } else if (source.startsWith("/*", at)) {
      int end = source.indexOf("*/", at + 2);
      at = end < 0 ? source.length() : end + 2;
    } else if (source.startsWith("\"\"\"", at)) {
      literal("\"\"\"", true);
    } else if (c == '"' || c == '\'') {
      literal(String.valueOf(c), false);
    } else if (Character.isJavaIdentifierPart(c)) {
      int start = at;
      while (at < source.length() && Character.isJavaIdentifierPart(source.charAt(at))) {
        at++;
      }
      tokens.add(new Token(start, at, source.substring(start, at)));
    } else {
      String text = source.startsWith("->", at) ? "->" : String.valueOf(c);
      tokens.add(new Token(at, at + text.length(), text));
      at += text.length();
    }
  }

  /** A string or character; without its closing quote it ends with its line, or the source. */
  private void literal(String quote, boolean severalLines) {
    int start = at;
    at += quote.length();
    while (at < source.length() && !source.startsWith(quote, at)) {
      if (source.charAt(at) == '\n' && !severalLines) {
        break;
      }
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(source.length(), source.startsWith(quote, at) ? at + quote.length() : at);
    tokens.add(new Token(start, at, "\""));
  }

  private int orEnd(int position) {
    return position < 0 ? source.length() : position;
  }
}
