// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.interpreters;

import dev.interlock.subinterpreter.ExecutionFailedException;
import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.InvalidSourceException;
import java.util.List;
import java.util.Map;

/** {@code prepareMain} and {@code exec}: source runs in an interpreter and keeps its state. */
public final class Source {
  private Source() {}

  /** Runs sound source and two unsound ones. */
  public static void main(String[] arguments) {
    try (Interpreter interpreter = Interpreters.create()) {
      interpreter.prepareMain(Map.of("limit", 10, "words", List.of("spam", "eggs")));
      interpreter.exec(
          """
          int fibonacci(int n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
          int last = fibonacci(limit);
          String menu = String.join(" and ", words);
          """);
      interpreter.exec("last++;");
      System.out.println(interpreter.get("last") + ", " + interpreter.get("menu"));
      try {
        interpreter.exec("int a = 1;\nint b = = 2;");
      } catch (InvalidSourceException e) {
        System.out.println("does not compile in line " + e.line());
      }
      try {
        interpreter.exec("int none = 1 / (limit - 10);");
      } catch (ExecutionFailedException e) {
        System.out.println("threw " + e.type() + ": " + e.remoteMessage());
      }
    }
  }
}
