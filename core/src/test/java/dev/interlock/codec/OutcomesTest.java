// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.NotShareableException;
import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcomes;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OutcomesTest {
  private final TaskCodec codec = new TaskCodec(OutcomesTest.class.getClassLoader());

  private static Outcomes<Object> of(Object... values) {
    return new Outcomes<>(values);
  }

  private Outcomes<?> roundTrip(Outcomes<?> outcomes) {
    return (Outcomes<?>) Objects.requireNonNull(codec.decode(codec.encode(outcomes)));
  }

  private static List<Object> values(Outcomes<?> outcomes) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      values.add(outcomes.isSuccess(i) ? outcomes.value(i) : outcomes.failure(i).getMessage());
    }
    return values;
  }

  static Stream<Arguments> contents() {
    return Stream.<Object>of(
            new Object[] {},
            new Object[] {1, -1, Integer.MIN_VALUE},
            new Object[] {1L, Long.MIN_VALUE},
            new Object[] {1.5, Double.NaN, -0.0},
            new Object[] {1, 2L, 3.0, null},
            new Object[] {null},
            new Object[] {"a", "größer", ""},
            new Object[] {
              new Samples.Point(1, 2), List.of(new Samples.Point(3, 4)), Samples.local(5)
            })
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("contents")
  void valuesOfAnyKindCross(Object[] content) {
    assertThat(values(roundTrip(of(content)))).isEqualTo(Arrays.asList(content));
  }

  @ParameterizedTest
  @MethodSource("contents")
  void failuresCrossAtTheirPlaces(Object[] content) {
    Outcomes<Object> outcomes = new Outcomes<>(content.length + 2);
    outcomes.fail(0, new IllegalStateException("first"));
    for (int i = 0; i < content.length; i++) {
      outcomes.set(i + 1, content[i]);
    }
    outcomes.fail(content.length + 1, new Exception("last"));
    List<Object> expected = new ArrayList<>(Arrays.asList(content));
    expected.add(0, "first");
    expected.add("last");
    Outcomes<?> back = roundTrip(outcomes);
    assertThat(values(back)).isEqualTo(expected);
    assertThat(back.failure(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void numbersTakeTheirOwnSizeOnly() {
    Object[] numbers = IntStream.range(0, 10_000).boxed().toArray();
    assertThat(codec.encode(of(numbers)).length).isLessThan(40_020);
  }

  @Test
  void namesOfClassesAreWrittenOnce() {
    Object[] points =
        IntStream.range(0, 1_000).mapToObj(i -> new Samples.Point(i % 60, 2)).toArray();
    assertThat(codec.encode(of(points)).length).isLessThan(12_100);
  }

  @Test
  void whatCannotBeEncodedLosesOnlyItself() {
    Outcomes<?> back = roundTrip(of("before", List.of(1, new Socket()), new Samples.Point(1, 2)));
    assertThat(back.value(0)).isEqualTo("before");
    assertThat(back.failure(1))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("[1]: java.net.Socket");
    assertThat(back.value(2)).isEqualTo(new Samples.Point(1, 2));
  }

  @Test
  void whatIsTooDeepLosesOnlyItself() {
    List<Object> deep = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      deep = new ArrayList<>(List.of(deep));
    }
    Outcomes<?> back = roundTrip(of(new Samples.Point(1, 2), deep, new Samples.Point(3, 4)));
    assertThat(back.failure(1)).hasMessageContaining("too deeply");
    assertThat(back.value(2)).isEqualTo(new Samples.Point(3, 4));
  }

  /** The class that the reader lacks is named before one that it has. */
  @Test
  void whatCannotBeDecodedLosesOnlyItself() {
    Object[] content = {
      "before",
      new Object[] {
        new Samples.Point(1, 2), new java.util.concurrent.ConcurrentLinkedDeque<>(List.of(1))
      },
      new java.util.concurrent.ConcurrentLinkedDeque<>(List.of(2)),
      new Samples.Point(3, 4)
    };
    TaskCodec elsewhere = new TaskCodec(ClassLoader.getPlatformClassLoader());
    Outcomes<?> back =
        (Outcomes<?>) Objects.requireNonNull(elsewhere.decode(codec.encode(of(content))));
    assertThat(back.value(0)).isEqualTo("before");
    assertThat(back.failure(1))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining(Samples.Point.class.getName());
    assertThat(back.value(2)).hasToString("[2]");
    assertThat(back.failure(3)).isInstanceOf(UndecodableException.class);
  }

  @Test
  void sharedObjectsAreCopiedForEachItem() {
    List<Integer> shared = new ArrayList<>(List.of(1));
    Outcomes<?> back = roundTrip(of(shared, shared));
    assertThat(back.value(0)).isEqualTo(back.value(1)).isNotSameAs(back.value(1));
  }

  @Test
  void valueIsNoFailure() {
    assertThatThrownBy(() -> of(1).failure(0)).isInstanceOf(IllegalStateException.class);
    assertThat(of(new IllegalStateException("a value")).isSuccess(0)).isTrue();
  }
}
