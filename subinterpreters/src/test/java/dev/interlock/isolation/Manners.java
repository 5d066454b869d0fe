// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.InterpreterException;
import dev.interlock.subinterpreter.Interpreters;

/** What tests run in a JVM of its own. */
public final class Manners {
  private Manners() {}

  /** {@code many N}, or {@code exec SOURCE}. */
  public static void main(String[] arguments) {
    if (arguments[0].equals("many")) {
      many(Integer.parseInt(arguments[1]));
    } else {
      exec(arguments[1]);
    }
  }

  private static void many(int count) {
    for (int i = 0; i < count; i++) {
      try (Interpreter interpreter = Interpreters.create()) {
        interpreter.call(Jobs::guava);
        interpreter.call(() -> new Greeter.English().greeting());
        interpreter.callInThread(Jobs::count).addListener(() -> {}, Runnable::run);
        if (i % 10 == 0) {
          interpreter.exec("int n = " + i + "; class C {} Object c = new C();");
        }
        while (interpreter.isRunning()) {
          Thread.onSpinWait();
        }
      }
    }
    System.out.println(count + " interpreters, " + Interpreters.listAll().size() + " left");
  }

  private static void exec(String source) {
    Interpreter interpreter = Interpreters.create();
    System.out.println("called: " + interpreter.call(Jobs::count));
    try {
      interpreter.exec(source);
      System.out.println("ran");
    } catch (InterpreterException e) {
      System.out.println(e);
    }
  }
}
