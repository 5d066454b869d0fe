// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.NotShareableException;
import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutcomeTest {
  private final TaskCodec codec = new TaskCodec(OutcomeTest.class.getClassLoader());

  @SuppressWarnings("unchecked")
  private <T> T roundTrip(T value) {
    return (T) codec.decode(codec.encode(value));
  }

  static final class Result {
    final Object content;

    Result(Object content) {
      this.content = content;
    }
  }

  @Test
  void oneBadItemLosesOnlyItself() {
    Result shared = new Result("shared");
    List<Outcome<Object>> outcomes = new ArrayList<>();
    outcomes.add(Outcome.success(new Result("first")));
    outcomes.add(Outcome.success(new Result(List.of(shared, new Socket()))));
    outcomes.add(Outcome.success(null));
    outcomes.add(Outcome.failure(new IllegalStateException("failed")));
    outcomes.add(Outcome.success(shared));
    List<Outcome<Object>> back = roundTrip(outcomes);
    assertThat(back).hasSize(5);
    assertThat(((Result) back.get(0).value()).content).isEqualTo("first");
    assertThat(back.get(1).failure())
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("OutcomeTest.Result.content[1]: java.net.Socket");
    assertThat(back.get(2).value()).isNull();
    assertThat(back.get(3).failure()).isInstanceOf(IllegalStateException.class);
    assertThat(((Result) back.get(4).value()).content).isEqualTo("shared");
  }

  record Positive(int number) {
    Positive {
      if (number == 13) {
        throw new IllegalArgumentException("unlucky");
      }
    }
  }

  @Test
  void contentThatCannotBeDecodedLosesOnlyItself() {
    List<Outcome<Object>> outcomes =
        List.of(
            Outcome.success("before"),
            Outcome.success(new Result("only here")),
            Outcome.failure(new ThrowableTest.Coded(1, "only here")),
            Outcome.success("after"));
    TaskCodec elsewhere = new TaskCodec(ClassLoader.getPlatformClassLoader());
    List<?> back = (List<?>) elsewhere.decode(codec.encode(outcomes));
    assertThat(((Outcome<?>) back.get(0)).value()).isEqualTo("before");
    assertThat(((Outcome<?>) back.get(1)).failure())
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining(Result.class.getName())
        .hasMessageContaining("class path");
    assertThat(((Outcome<?>) back.get(2)).failure()).hasMessageContaining("[1] only here.");
    assertThat(((Outcome<?>) back.get(3)).value()).isEqualTo("after");
  }

  @Test
  void outcomesWithinOutcomes() {
    Outcome<Object> inner = Outcome.success(new Socket());
    Outcome<Object> outer = Outcome.success(List.of(1, inner));
    List<?> back = (List<?>) roundTrip(outer).value();
    assertThat(((Outcome<?>) back.get(1)).failure()).isInstanceOf(NotShareableException.class);
  }

  @Test
  void tooDeepAResultBecomesItsFailure() {
    Result deep = new Result(null);
    for (int i = 0; i < 200_000; i++) {
      deep = new Result(deep);
    }
    List<Outcome<Object>> back = roundTrip(List.of(Outcome.success(deep), Outcome.success(1)));
    assertThat(back.get(0).failure()).hasMessageContaining("too deeply");
    assertThat(back.get(1).value()).isEqualTo(1);
  }
}
