// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import dev.interlock.gil.instrument.SwitchPoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** A code object for a terminal, in the columns of Python's {@code dis}, with the marks added. */
final class TextListing {
  private static final int WIDTH = 80;
  private static final int LINE_WIDTH = 3;
  private static final int NARROWEST_MEANING = 20;
  private final StringBuilder text = new StringBuilder();

  private final Set<SwitchPoints> modes;

  private TextListing(Set<SwitchPoints> modes) {
    this.modes = modes;
  }

  /**
   * The listing.
   *
   * @param modes whose switch points are marked
   */
  static String of(CodeObject code, Set<SwitchPoints> modes) {
    TextListing listing = new TextListing(modes);
    listing.heading(code);
    listing.body(code);
    listing.nested(code);
    listing.remarks(code);
    return listing.text.toString();
  }

  private void heading(CodeObject code) {
    String file = code.sourceFile() == null ? "" : ", " + code.sourceFile();
    paragraph(code.target() + file);
    line("");
  }

  private void nested(CodeObject code) {
    for (CodeObject lambda : code.nested()) {
      line("");
      paragraph(
          "Disassembly of "
              + lambda.name()
              + TypeNames.parameters(lambda.descriptor())
              + lines(lambda)
              + ":");
      line("");
      body(lambda);
      nested(lambda);
    }
  }

  private static String lines(CodeObject code) {
    List<Integer> lines =
        code.instructions().stream()
            .map(Instruction::line)
            .filter(line -> line != null)
            .sorted()
            .toList();
    if (lines.isEmpty()) {
      return "";
    }
    int first = lines.get(0);
    int last = lines.get(lines.size() - 1);
    return first == last ? ", line " + first : ", lines " + first + "-" + last;
  }

  private void body(CodeObject code) {
    switch (code.body()) {
      case NATIVE -> paragraph("This method is native: it has no bytecode.");
      case ABSTRACT ->
          paragraph(
              "This method is abstract: it has no bytecode. Ask for it in a class that implements"
                  + " it.");
      case BYTECODE -> instructions(code);
    }
  }

  private void instructions(CodeObject code) {
    int lineWidth = Math.max(LINE_WIDTH, widest(code, TextListing::line));
    int offsetWidth = widest(code, one -> String.valueOf(one.offset()));
    int nameWidth = widest(code, Instruction::mnemonic);
    int operandWidth = widest(code, Instruction::operands);
    boolean first = true;
    for (Instruction one : code.instructions()) {
      if (one.startsLine() && !first) {
        line("");
      }
      first = false;
      String start =
          right(line(one), lineWidth)
              + " "
              + marks(one)
              + (one.jumpTarget() ? " >> " : "    ")
              + right(String.valueOf(one.offset()), offsetWidth)
              + " "
              + left(one.mnemonic(), nameWidth)
              + " "
              + right(one.operands(), operandWidth)
              + " ";
      meaning(start, one.meaning());
    }
    if (!code.handlers().isEmpty()) {
      line("");
      line("Exceptions:");
      code.handlers().forEach(handler -> line("  " + written(handler)));
    }
  }

  private void meaning(String start, String meaning) {
    if (meaning.isEmpty()) {
      line(start);
      return;
    }
    int room = Math.max(NARROWEST_MEANING, WIDTH - start.length());
    List<String> lines = wrap("(" + meaning + ")", room);
    line(start + lines.get(0));
    lines.subList(1, lines.size()).forEach(more -> line(" ".repeat(start.length()) + more));
  }

  private static String written(CodeObject.Handler handler) {
    String type = handler.type();
    return handler.start()
        + " to "
        + handler.end()
        + " -> "
        + handler.handler()
        + " ("
        + (type == null ? "any" : type.substring(type.lastIndexOf('.') + 1))
        + ")";
  }

  private void remarks(CodeObject code) {
    String note = code.note();
    if (note != null) {
      line("");
      paragraph(note);
    }
    if (hasMarks(code)) {
      line("");
      paragraph(legend());
    }
  }

  private String legend() {
    if (modes.size() > 1) {
      return "C, F: the lock can change hands before this instruction (coarse, fine mode).";
    }
    return isMarked(SwitchPoints.COARSE)
        ? "C: the lock can change hands before this instruction (coarse mode)."
        : "F: the lock can change hands before this instruction (fine mode).";
  }

  private boolean hasMarks(CodeObject code) {
    return code.instructions().stream().anyMatch(one -> !marks(one).isBlank())
        || code.nested().stream().anyMatch(this::hasMarks);
  }

  private String marks(Instruction one) {
    return (one.coarse() && isMarked(SwitchPoints.COARSE) ? "C" : " ")
        + (one.fine() && isMarked(SwitchPoints.FINE) ? "F" : " ");
  }

  private boolean isMarked(SwitchPoints mode) {
    return modes.contains(mode);
  }

  private static String line(Instruction one) {
    return one.startsLine() && one.line() != null ? String.valueOf(one.line()) : "";
  }

  private static int widest(CodeObject code, Function<Instruction, String> entry) {
    return code.instructions().stream().mapToInt(one -> entry.apply(one).length()).max().orElse(0);
  }

  private static String right(String entry, int width) {
    return " ".repeat(width - entry.length()) + entry;
  }

  private static String left(String entry, int width) {
    return entry + " ".repeat(width - entry.length());
  }

  private void paragraph(String content) {
    wrap(content, WIDTH).forEach(this::line);
  }

  /** At blanks and behind commas, or anywhere where there is none of these. */
  private static List<String> wrap(String content, int width) {
    List<String> lines = new ArrayList<>();
    String rest = content;
    while (rest.length() > width) {
      int end = width;
      while (end > 0 && rest.charAt(end) != ' ' && rest.charAt(end - 1) != ',') {
        end--;
      }
      end = end == 0 ? width : end;
      lines.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    lines.add(rest);
    return lines;
  }

  private void line(String content) {
    text.append(content.stripTrailing()).append('\n');
  }
}
