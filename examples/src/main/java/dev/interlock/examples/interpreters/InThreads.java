// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.interpreters;

import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.Interpreters;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** {@code callInThread}: interpreters compute at the same time, each on a thread of its own. */
public final class InThreads {
  private InThreads() {}

  static long primes(long from, long to) {
    return LongStream.range(from, to)
        .filter(
            n ->
                n > 1
                    && LongStream.rangeClosed(2, (long) Math.sqrt((double) n))
                        .allMatch(d -> n % d > 0))
        .count();
  }

  /** Counts the primes below a million in two halves. */
  public static void main(String[] arguments) throws ExecutionException, InterruptedException {
    List<Interpreter> interpreters = List.of(Interpreters.create(), Interpreters.create());
    List<Future<Long>> halves = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      long from = i * 500_000L;
      halves.add(interpreters.get(i).callInThread(() -> primes(from, from + 500_000)));
    }
    System.out.println("primes: " + (halves.get(0).get() + halves.get(1).get()));
    interpreters.forEach(Interpreter::close);
  }
}
