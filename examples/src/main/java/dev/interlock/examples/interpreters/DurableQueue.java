// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.interpreters;

import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.QueueOptions;
import java.nio.file.Path;
import java.util.List;

/** {@code withDurable}: items outlive the JVM that has put them. PEP 734 has nothing like it. */
public final class DurableQueue {
  private DurableQueue() {}

  record Order(int number, List<String> dishes) {}

  /**
   * Puts two orders and ends; run again, gets them, whatever has become of the first run.
   *
   * @param arguments the directory in which the queue is
   */
  public static void main(String[] arguments) throws InterruptedException {
    QueueOptions options = QueueOptions.defaults().withDurable(Path.of(arguments[0]), "orders");
    InterpreterQueue orders = Interpreters.createQueue(options);
    if (orders.isEmpty()) {
      orders.put(new Order(1, List.of("spam")));
      orders.put(new Order(2, List.of("spam", "eggs")));
      System.out.println("put " + orders.size());
      Runtime.getRuntime().halt(0); // as if it had crashed: nothing is closed
    }
    while (!orders.isEmpty()) {
      System.out.println("got " + orders.get());
    }
    orders.destroy();
  }
}
