// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.examples.BadUsageException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeDigestTest {
  @Test
  void numbersAreKeptAsTheyAre() {
    assertThat(OutcomeDigest.of(1_000)).isEqualTo("1000");
    assertThat(OutcomeDigest.of(null)).isEqualTo("null");
  }

  @Test
  void equalContentsHaveEqualDigestsWhateverTheirClass() {
    List<Object> fixed = List.of(1, "one", new byte[] {1, 2});
    List<Object> copied = new ArrayList<>(List.of(1, "one", new byte[] {1, 2}));
    assertThat(OutcomeDigest.of(fixed)).isEqualTo(OutcomeDigest.of(copied));
    assertThat(OutcomeDigest.of(List.of(1, "one", new byte[] {1, 3})))
        .isNotEqualTo(OutcomeDigest.of(fixed));
  }

  @Test
  void theOrderOfAMapDoesNotCount() {
    Map<String, Integer> one = new LinkedHashMap<>();
    one.put("a", 1);
    one.put("b", 2);
    Map<String, Integer> other = new LinkedHashMap<>();
    other.put("b", 2);
    other.put("a", 1);
    assertThat(OutcomeDigest.of(one)).isEqualTo(OutcomeDigest.of(other));
  }

  @Test
  void whatHasNoJsonFormIsRefused() {
    assertThatThrownBy(() -> OutcomeDigest.of(List.of(new Object())))
        .isInstanceOf(BadUsageException.class)
        .hasMessageContaining("Return numbers, texts");
  }
}
