// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Divides source into the statements, declarations and expressions that it consists of, by Java's
 * grammar as far as their ends depend on it. What does not follow the grammar becomes a part as
 * well, for the compiler to judge.
 */
final class SourceSplitter {
  private static final Set<String> MODIFIERS =
      Set.of(
          "public",
          "protected",
          "private",
          "static",
          "final",
          "abstract",
          "sealed",
          "strictfp",
          "default",
          "native",
          "transient",
          "volatile");

  private final String source;
  private final List<SourceTokens.Token> tokens;
  private int at;

  SourceSplitter(String source) {
    this.source = source;
    this.tokens = SourceTokens.of(source);
  }

  /** The parts in their order. */
  List<SourceText.Part> parts() {
    List<SourceText.Part> parts = new ArrayList<>();
    while (at < tokens.size()) {
      int first = at;
      unit();
      at = Math.max(at, first + 1); // a stray bracket, say
      if (at - first > 1 || !tokens.get(first).is(";")) {
        int start = tokens.get(first).start();
        parts.add(new SourceText.Part(start, source.substring(start, tokens.get(at - 1).end())));
      }
    }
    return parts;
  }

  private String token(int index) {
    return index < tokens.size() ? tokens.get(index).text() : "";
  }

  private boolean isWord(int index) {
    return index < tokens.size() && tokens.get(index).isWord();
  }

  private boolean take(String text) {
    if (token(at).equals(text)) {
      at++;
      return true;
    }
    return false;
  }

  /** A declaration or a statement. */
  private void unit() {
    modifiers();
    switch (token(at)) {
      case "class", "interface", "enum" -> typeDeclaration();
      case "record" -> {
        if (isWord(at + 1) && (token(at + 2).equals("(") || token(at + 2).equals("<"))) {
          typeDeclaration();
        } else {
          simple();
        }
      }
      default -> statement();
    }
  }

  /** Modifiers and annotations, up to what they belong to. */
  private void modifiers() {
    while (true) {
      if (token(at).equals("@") && token(at + 1).equals("interface")) {
        at++;
        return;
      } else if (token(at).equals("@")) {
        at += 2;
        while (take(".")) {
          at++;
        }
        if (token(at).equals("(")) {
          group();
        }
      } else if (token(at).equals("non") && token(at + 1).equals("-")) {
        at += 3;
      } else if (MODIFIERS.contains(token(at))) {
        at++;
      } else {
        return;
      }
    }
  }

  private void typeDeclaration() {
    while (at < tokens.size() && !token(at).equals("{")) {
      if (token(at).equals("(")) {
        group();
      } else if (take(";")) {
        return;
      } else {
        at++;
      }
    }
    group();
  }

  private void statement() {
    switch (token(at)) {
      case "{" -> group();
      case "if" -> {
        at++;
        group();
        statement();
        if (take("else")) {
          statement();
        }
      }
      case "for", "while" -> {
        at++;
        group();
        statement();
      }
      case "do" -> {
        at++;
        statement();
        if (take("while")) {
          group();
          take(";");
        }
      }
      case "try" -> tryStatement();
      case "switch", "synchronized" -> {
        at++;
        group();
        group();
      }
      default -> {
        if (isWord(at) && token(at + 1).equals(":") && !token(at + 2).equals(":")) {
          at += 2; // a label
          statement();
        } else {
          simple();
        }
      }
    }
  }

  private void tryStatement() {
    at++;
    if (token(at).equals("(")) {
      group();
    }
    group();
    while (take("catch")) {
      group();
      group();
    }
    if (take("finally")) {
      group();
    }
  }

  /** What ends with a semicolon; or a method, which ends with its body. */
  private void simple() {
    boolean expression = false;
    while (at < tokens.size()) {
      switch (token(at)) {
        case ";" -> {
          at++;
          return;
        }
        case "{" -> {
          group();
          if (!expression) {
            return;
          }
        }
        case "(", "[" -> group();
        case ")", "]", "}" -> {
          at++; // one too many
          return;
        }
        case "=", "->", "new", "return", "throw", "yield", "switch" -> {
          expression = true;
          at++;
        }
        default -> at++;
      }
    }
  }

  /** From an opening bracket to the one that closes it; nothing if there is none. */
  private void group() {
    int depth = 0;
    while (at < tokens.size()) {
      switch (token(at)) {
        case "(", "[", "{" -> depth++;
        case ")", "]", "}" -> depth--;
        default -> {
          if (depth == 0) {
            return;
          }
        }
      }
      if (depth < 0) {
        return;
      }
      at++;
      if (depth == 0) {
        return;
      }
    }
  }
}
