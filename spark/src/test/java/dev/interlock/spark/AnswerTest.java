// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final byte[] LARGE = new byte[9_000];

  @Test
  void outcomesComeBackInTheirOrder() throws IOException {
    List<byte[]> outcomes = List.of(new byte[] {1}, new byte[0], LARGE, new byte[] {2, 3});
    byte[] answer = Answer.of(outcomes, false);
    assertThat(Answer.outcomes(answer)).usingRecursiveComparison().isEqualTo(outcomes);
    assertThat(Answer.isFresh(answer)).isFalse();
    assertThat(Answer.isInitializerFailure(answer)).isFalse();
  }

  @Test
  void theFirstOfItsPoolSaysSo() throws IOException {
    byte[] answer = Answer.of(List.of(new byte[] {7}), true);
    assertThat(Answer.isFresh(answer)).isTrue();
    assertThat(Answer.isInitializerFailure(answer)).isFalse();
    assertThat(Answer.outcomes(answer)).containsExactly(new byte[] {7});
  }

  @Test
  void aFailedInitializerIsNoOutcomeOfATask() throws IOException {
    byte[] answer = Answer.initializerFailed(new byte[] {9});
    assertThat(Answer.isInitializerFailure(answer)).isTrue();
    assertThat(Answer.isFresh(answer)).isTrue();
    assertThat(Answer.outcomes(answer)).containsExactly(new byte[] {9});
  }

  @Test
  void nothingIsToldFromAnAnswerWithoutOutcomes() throws IOException {
    assertThat(Answer.NOTHING).isEmpty();
    assertThat(Answer.of(List.of(), false)).isNotEmpty();
  }
}
