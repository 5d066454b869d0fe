// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void medianAndPercentilesAreInterpolated() {
    Samples samples = new Samples(List.of(40.0, 10.0, 30.0, 20.0));
    assertThat(samples.median()).isEqualTo(25.0);
    assertThat(samples.percentile(0)).isEqualTo(10.0);
    assertThat(samples.percentile(95)).isEqualTo(38.5);
    assertThat(samples.percentile(100)).isEqualTo(40.0);
  }

  @Test
  void oneRunIsItsOwnMedianAndP95() {
    Samples samples = new Samples(List.of(7.0));
    assertThat(samples.median()).isEqualTo(7.0);
    assertThat(samples.percentile(95)).isEqualTo(7.0);
  }

  @Test
  void noRunsHaveNoMedian() {
    assertThatThrownBy(() -> new Samples(List.of()).median())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void fasterNeedsATenthLess() {
    Samples hundred = new Samples(List.of(100.0, 100.0, 100.0));
    assertThat(new Samples(List.of(95.0, 95.0, 95.0)).fasterThan(hundred)).isFalse();
    assertThat(new Samples(List.of(89.0, 89.0, 89.0)).fasterThan(hundred)).isTrue();
    assertThat(hundred.fasterThan(hundred)).isFalse();
  }

  @Test
  void fasterNeedsRangesThatDoNotOverlap() {
    Samples steady = new Samples(List.of(99.0, 100.0, 101.0, 100.0, 100.0));
    Samples erratic = new Samples(List.of(10.0, 20.0, 80.0, 130.0, 140.0));
    assertThat(erratic.median()).isLessThan(steady.median() * 0.9);
    assertThat(erratic.fasterThan(steady)).isFalse();
  }
}
