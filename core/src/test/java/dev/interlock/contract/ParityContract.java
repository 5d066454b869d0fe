// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Interlock;
import dev.interlock.MapOptions;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** P: one task set gives equal results everywhere. */
interface ParityContract extends Subject {

  /** A value of many kinds, as applications pass them. */
  record Order(int number, LocalDate day, Map<String, List<Integer>> lines) {}

  @Test
  default void required_P_equalResultsByOneLineOfConfiguration() throws Exception {
    String before = System.getProperty("interlock.strategy");
    System.setProperty("interlock.strategy", strategy());
    try (TaskExecutor executor = open(Interlock.builder())) {
      assertThat(executor.strategy()).isEqualTo(strategy());
      assertThat(executor.capabilities()).isEqualTo(executor().capabilities());
      assertThat(taskSet(executor))
          .containsExactly(
              "sums [285, 328350, 332833500]",
              "power 1267650600228229401496703205376",
              "order 7 of 2026-02-01 with {a=[1, 2], b=[]}",
              "bytes [1, 2, 3, 0]",
              "maybe Optional[x] Optional.empty",
              "items [0, 1, 2, 3, 4, 5, 6, seven, 8, 9]",
              "failure Boom: the boiler burst");
    } finally {
      if (before == null) {
        System.clearProperty("interlock.strategy");
      } else {
        System.setProperty("interlock.strategy", before);
      }
    }
  }

  private static List<String> taskSet(TaskExecutor executor) throws Exception {
    List<String> results = new ArrayList<>();
    try (Stream<Long> sums = executor.map(Tasks::sumOfSquares, List.of(10, 100, 1_000))) {
      results.add("sums " + sums.toList());
    }
    BigInteger two = BigInteger.TWO;
    results.add("power " + Waiting.get(executor.submit(() -> two.pow(100))));
    Map<String, List<Integer>> lines = new TreeMap<>(Map.of("a", List.of(1, 2)));
    Order order =
        Waiting.get(
            executor.submit(
                () -> {
                  lines.put("b", new ArrayList<>());
                  return new Order(7, LocalDate.of(2026, 2, 1), lines);
                }));
    results.add("order %d of %s with %s".formatted(order.number(), order.day(), order.lines()));
    byte[] seal = {1, 2, 3};
    byte[] longer = Waiting.get(executor.submit(() -> Arrays.copyOf(seal, 4)));
    results.add("bytes " + Arrays.toString(longer));
    TaskFuture<Optional<String>> some = executor.submit(() -> Optional.of("x"));
    TaskFuture<Optional<String>> none = executor.submit(() -> Optional.empty());
    results.add("maybe " + Waiting.get(some) + " " + Waiting.get(none));
    results.add("items " + items(executor));
    Throwable failure = Waiting.failureOf(executor.submit(Tasks::boom));
    results.add("failure " + failure.getClass().getSimpleName() + ": " + failure.getMessage());
    return results;
  }

  private static List<String> items(TaskExecutor executor) {
    List<String> items = new ArrayList<>();
    try (Stream<Integer> stream =
        executor.map(
            Tasks::refuseSeven,
            IntStream.range(0, 10).boxed().toList(),
            MapOptions.defaults().withChunkSize(4))) {
      Iterator<Integer> iterator = stream.iterator();
      for (int i = 0; i < 10; i++) {
        try {
          items.add(String.valueOf(iterator.next()));
        } catch (CompletionException e) {
          items.add(e.getCause().getMessage());
        }
      }
    }
    return items;
  }
}
