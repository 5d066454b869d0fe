// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.interpreters;

import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.ItemInterpreterDestroyedException;
import dev.interlock.subinterpreter.UnboundItems;

/** {@code UNBOUND}: what becomes of items whose interpreter has ended. */
public final class ItemsLeftBehind {
  private ItemsLeftBehind() {}

  /** Has an interpreter put an item for each policy, ends it, and gets what is left. */
  public static void main(String[] arguments) throws InterruptedException {
    try (InterpreterQueue queue = Interpreters.createQueue()) {
      try (Interpreter interpreter = Interpreters.create()) {
        interpreter.call(
            () -> {
              for (UnboundItems policy : UnboundItems.values()) {
                queue.put("with " + policy, policy);
              }
              return queue.size();
            });
        System.out.println("while it lives: " + queue.size());
      }
      System.out.println("when it has ended: " + queue.size());
      while (!queue.isEmpty()) {
        try {
          System.out.println(queue.get());
        } catch (ItemInterpreterDestroyedException e) {
          System.out.println("ItemInterpreterDestroyedException");
        }
      }
    }
  }
}
