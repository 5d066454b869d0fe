// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Capability;
import dev.interlock.Deadline;
import dev.interlock.MapOptions;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskTimeoutException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** M: map. */
interface MapContract extends Subject {

  /** Endless numbers that know how many were taken from them. */
  final class Numbers implements Iterator<Integer> {
    private final AtomicInteger read = new AtomicInteger();

    int read() {
      return read.get();
    }

    /** These numbers as an input, for one map. */
    Iterable<Integer> once() {
      return () -> this;
    }

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public Integer next() {
      return read.getAndIncrement();
    }
  }

  @Test
  default void required_M1_resultsComeInInputOrder() {
    List<Integer> items = IntStream.range(0, 500).boxed().toList();
    List<Integer> expected = items.stream().map(Tasks::twice).toList();
    for (int chunk : new int[] {1, 7, 1_000}) {
      try (Stream<Integer> results =
          executor().map(Tasks::twice, items, MapOptions.defaults().withChunkSize(chunk))) {
        assertThat(results).as("with chunks of %d", chunk).containsExactlyElementsOf(expected);
      }
    }
    try (Stream<Integer> none = executor().map(Tasks::twice, List.<Integer>of())) {
      assertThat(none).isEmpty();
    }
  }

  @Test
  default void required_M1_inputsAreReadNoFurtherThanTheBuffer() {
    for (MapOptions options :
        List.of(
            MapOptions.defaults().withBufferSize(1),
            MapOptions.defaults().withBufferSize(10),
            MapOptions.defaults().withBufferSize(10).withChunkSize(4),
            MapOptions.defaults().withBufferSize(3).withChunkSize(100))) {
      Numbers numbers = new Numbers();
      try (Stream<Integer> results = executor().map(Tasks::twice, numbers.once(), options)) {
        assertThat(numbers.read()).as("read before a result was asked for").isZero();
        Iterator<Integer> iterator = results.iterator();
        for (int taken = 0; taken < 300; taken++) {
          assertThat(iterator.next()).isEqualTo(2 * taken);
          assertThat(numbers.read() - taken).isLessThanOrEqualTo(options.bufferSize());
        }
      }
    }
  }

  @Test
  default void required_M1_endlessInputIsReadOnlyAsFarAsNeeded() {
    Numbers numbers = new Numbers();
    try (Stream<Integer> results = executor().map(Tasks::twice, numbers.once())) {
      assertThat(results.limit(2_000)).hasSize(2_000);
    }
    assertThat(numbers.read()).isBetween(2_000, 200_000);
  }

  @Test
  default void required_M1_severalInputsStopAtTheShortest() {
    List<Integer> three = List.of(1, 2, 3);
    try (Stream<Integer> sums = executor().map((a, b) -> a + b, three, new Numbers().once())) {
      assertThat(sums).containsExactly(1, 3, 5);
    }
    try (Stream<String> texts = executor().map((a, b) -> a + "-" + b, List.of("a", "b"), three)) {
      assertThat(texts).containsExactly("a-1", "b-2");
    }
  }

  @Test
  default void required_M2_chunksShareOneTask() {
    try (TaskExecutor executor = open();
        Stream<Integer> results =
            executor.map(
                Tasks::twice,
                IntStream.range(0, 100).boxed().toList(),
                MapOptions.defaults().withChunkSize(30))) {
      assertThat(results).hasSize(100);
      assertThat(executor.stats().submitted()).isEqualTo(4);
    }
  }

  @Test
  default void required_M2_failingItemLosesOnlyItself() {
    List<Integer> items = IntStream.range(0, 20).boxed().toList();
    for (int chunk : new int[] {1, 6, 20}) {
      try (Stream<Integer> results =
          executor().map(Tasks::refuseSeven, items, MapOptions.defaults().withChunkSize(chunk))) {
        Iterator<Integer> iterator = results.iterator();
        for (int item : items) {
          if (item == 7) {
            assertThatThrownBy(iterator::next)
                .as("item 7 in chunks of %d", chunk)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("seven");
          } else {
            assertThat(iterator.next()).isEqualTo(item);
          }
        }
        assertThat(iterator.hasNext()).isFalse();
      }
    }
  }

  @Test
  default void required_M2_defaultBatchingAdaptsWhereTasksAreEncoded() {
    try (TaskExecutor executor = open(builder().set("map.chunk-time", "5ms"))) {
      try (Stream<Integer> results =
          executor.map(Tasks::twice, IntStream.range(0, 3_000).boxed().toList())) {
        assertThat(results).hasSize(3_000);
      }
      long forShortItems = executor.stats().submitted();
      if (has(Capability.COPIED_TASKS)) {
        assertThat(forShortItems).as("tasks for 3,000 short items").isLessThan(3_000);
      } else {
        assertThat(forShortItems).as("tasks where nothing is encoded").isEqualTo(3_000);
      }
      try (Stream<Integer> results = executor.map(MapContract::slowly, List.of(1, 2, 3, 4, 5, 6))) {
        assertThat(results).containsExactly(1, 2, 3, 4, 5, 6);
      }
      assertThat(executor.stats().submitted() - forShortItems)
          .as("tasks for 6 items that each take longer than a chunk may")
          .isEqualTo(6);
    }
  }

  private static int slowly(int number) throws InterruptedException {
    Thread.sleep(15);
    return number;
  }

  @Test
  default void required_M3_timeoutEndsTheMapAndFreesTheWorkers() throws Exception {
    Gate never = gate();
    try (Stream<Integer> results =
        executor()
            .map(
                number -> passUnless(number < 2, never, number),
                IntStream.range(0, 8).boxed().toList(),
                MapOptions.defaults().withChunkSize(1).withTimeout(Duration.ofMillis(800)))) {
      Iterator<Integer> iterator = results.iterator();
      assertThat(iterator.next()).isZero();
      assertThat(iterator.next()).isEqualTo(1);
      assertThatThrownBy(iterator::next)
          .isInstanceOfSatisfying(
              TaskTimeoutException.class,
              e -> assertThat(e.limit()).isEqualTo(Duration.ofMillis(800)));
    }
    assertThat(never.isOpen()).isFalse();
    assertUsable(executor());
  }

  private static int passUnless(boolean free, Gate gate, int number) throws Exception {
    if (!free) {
      gate.pass();
    }
    return number;
  }

  @Test
  default void required_M3_timeoutCountsFromTheCall() {
    Duration limit = Duration.ofSeconds(1);
    Deadline passed = Deadline.after(limit);
    try (Stream<Integer> results =
        executor()
            .map(MapContract::halfASecond, List.of(1), MapOptions.defaults().withTimeout(limit))) {
      Waiting.await().until(passed::hasPassed);
      assertThatThrownBy(() -> results.iterator().next()).isInstanceOf(TaskTimeoutException.class);
    }
  }

  private static int halfASecond(int number) throws InterruptedException {
    Thread.sleep(500);
    return number;
  }

  @Test
  default void required_M3_timeoutHoldsWhileTheQueueIsFull() {
    Gate never = gate();
    try (TaskExecutor executor = open(builder().queue(1, dev.interlock.spi.QueuePolicy.BLOCK));
        Stream<Integer> results =
            executor.map(
                number -> passUnless(false, never, number),
                new Numbers().once(),
                MapOptions.defaults().withChunkSize(1).withTimeout(Duration.ofMillis(500)))) {
      assertThatThrownBy(() -> results.iterator().next()).isInstanceOf(TaskTimeoutException.class);
      assertThat(never.isOpen()).isFalse();
    }
  }

  @Test
  default void required_M3_closingTheStreamCancelsWhatIsPending() throws Exception {
    Gate never = gate();
    Trace trace = trace();
    boolean oneLock = has(Capability.MUTUAL_EXCLUSION);
    try (Stream<Integer> results =
        executor()
            .map(
                number -> {
                  trace.mark("item " + number);
                  if (!oneLock && number > 0) {
                    never.hold(); // without saying so: else another worker takes its place
                  }
                  return passUnless(number == 0, never, number);
                },
                new Numbers().once(),
                MapOptions.defaults().withChunkSize(1).withBufferSize(12))) {
      assertThat(results.iterator().next()).isZero();
    }
    assertUsable(executor());
    assertThat(trace.lines().size())
        .as("items begun, of 12 read ahead")
        .isLessThanOrEqualTo(1 + 2 * workers());
  }
}
