// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.interpreters;

import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.QueueEmptyException;
import dev.interlock.subinterpreter.QueueFullException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code createQueue}: source in an interpreter answers what the application asks. */
public final class Queues {
  private Queues() {}

  /** Each interpreter has a class of its own of this. */
  record Order(int number, List<String> dishes) {}

  /** Has a worker in source answer, then fills and empties a queue with room for two. */
  public static void main(String[] arguments) throws InterruptedException {
    try (Interpreter interpreter = Interpreters.create();
        InterpreterQueue orders = Interpreters.createQueue();
        InterpreterQueue bills = Interpreters.createQueue(2)) {
      interpreter.prepareMain(Map.of("orders", orders, "bills", bills));
      Thread worker =
          new Thread(
              () ->
                  interpreter.exec(
                      """
                      import java.util.List;
                      for (Object order = orders.get(); order != null; order = orders.get()) {
                        bills.put(((List<?>) order).size() * 3.5);
                      }
                      """));
      worker.start();
      orders.put(List.of("spam"));
      orders.put(List.of("spam", "eggs"));
      System.out.println("bills: " + bills.get() + ", " + bills.get());
      orders.put(null);
      worker.join();

      bills.put(new Order(1, List.of("spam")));
      bills.put(Interpreters.lookupQueue(orders.id()));
      try {
        bills.put("no room", Duration.ofMillis(10));
      } catch (QueueFullException e) {
        System.out.println("full: " + bills.isFull() + ", size " + bills.size());
      }
      System.out.println(bills.get());
      System.out.println("the same handle: " + (bills.get() == orders));
      try {
        bills.getNow();
      } catch (QueueEmptyException e) {
        System.out.println("empty: " + bills.isEmpty());
      }
    }
  }
}
