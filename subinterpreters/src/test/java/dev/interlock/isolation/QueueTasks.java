// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.UnboundItems;
import java.util.ArrayList;
import java.util.List;

/** What the tests of queues do inside interpreters; each has a class of its own of these. */
final class QueueTasks {
  record Job(int number, List<String> names) {}

  static final class Plain {
    int number = 3;
    List<String> names = new ArrayList<>(List.of("plain"));
  }

  private QueueTasks() {}

  static long putAll(InterpreterQueue queue, int count, UnboundItems policy)
      throws InterruptedException {
    for (int i = 0; i < count; i++) {
      queue.put(i, policy);
    }
    return queue.id();
  }

  static String describe(Object item) {
    return item instanceof Job job
        ? "job " + job.number + job.names
        : item instanceof Plain plain
            ? "plain " + plain.number + plain.names
            : "foreign " + item.getClass();
  }

  static String getAndDescribe(InterpreterQueue queue) throws InterruptedException {
    return describe(queue.get());
  }

  static int putJobs(InterpreterQueue queue) throws InterruptedException {
    queue.put(new Job(1, List.of("a")));
    queue.put(new Plain());
    return 2;
  }

  /** Gets two items while the thread has another context loader. */
  static List<String> getWithContext(InterpreterQueue queue, ClassLoader context)
      throws InterruptedException {
    Thread.currentThread().setContextClassLoader(context);
    return List.of(getAndDescribe(queue), getAndDescribe(queue));
  }

  /** Answers what it gets, until it gets a text. */
  static int echo(InterpreterQueue in, InterpreterQueue out) throws InterruptedException {
    int answers = 0;
    for (Object item = in.get(); !(item instanceof String); item = in.get()) {
      out.put(item);
      answers++;
    }
    return answers;
  }
}
