// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.interpreters;

import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.Interpreters;

/** {@code create} and {@code call}: each interpreter has statics of its own. */
public final class OwnStatics {
  private static int calls;

  private OwnStatics() {}

  static int count() {
    return ++calls;
  }

  /** Counts in two interpreters and here. */
  public static void main(String[] arguments) {
    count();
    try (Interpreter one = Interpreters.create();
        Interpreter two = Interpreters.create()) {
      one.call(OwnStatics::count);
      System.out.println("one: " + one.call(OwnStatics::count));
      System.out.println("two: " + two.call(OwnStatics::count));
      System.out.println("here: " + calls);
      System.out.println("with an argument: " + one.call((String text) -> text.length(), "four"));
    }
  }
}
