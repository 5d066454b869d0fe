// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The source given to {@link Interpreter#exec} does not compile. What stood before the part that
 * does not has run; the interpreter stays usable. Lines and columns count from 1, in the source as
 * it was given.
 */
public final class InvalidSourceException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  private final Problem[] problems;

  /**
   * One thing that is wrong.
   *
   * @param line where, from 1
   * @param column where in the line, from 1
   * @param message the compiler's
   */
  public record Problem(int line, int column, String message) implements java.io.Serializable {
    @Override
    public String toString() {
      return "line " + line + ", column " + column + ": " + message;
    }
  }

  /**
   * @param problems at least one
   */
  InvalidSourceException(long id, List<Problem> problems) {
    super(
        "Interpreter "
            + id
            + " cannot compile the source: "
            + problems.stream().map(Problem::toString).collect(Collectors.joining("\n")),
        null);
    this.problems = problems.toArray(new Problem[0]);
  }

  /** What is wrong, in the order of the source; at least one. */
  public List<Problem> problems() {
    return List.of(problems);
  }

  /** The line of the first problem. */
  public int line() {
    return problems[0].line();
  }

  /** The column of the first problem. */
  public int column() {
    return problems[0].column();
  }
}
