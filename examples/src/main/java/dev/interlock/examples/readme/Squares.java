// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.readme;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

public class Squares {
  static long sum(int below) {
    return LongStream.range(0, below).map(i -> i * i).sum();
  }

  public static void main(String[] args) {
    try (TaskExecutor executor = Interlock.open();
        Stream<Long> sums = executor.map(Squares::sum, List.of(1_000_000, 2_000_000))) {
      sums.forEach(System.out::println);
    }
  }
}
