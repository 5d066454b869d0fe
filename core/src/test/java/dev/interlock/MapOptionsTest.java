// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MapOptionsTest {
  @Test
  void eachSettingKeepsTheOthers() {
    MapOptions options =
        MapOptions.defaults().withChunkSize(2).withBufferSize(3).withTimeout(Duration.ofSeconds(4));
    assertThat(options).isEqualTo(new MapOptions(2, 3, Duration.ofSeconds(4)));
    assertThat(options.withChunkSize(5)).isEqualTo(new MapOptions(5, 3, Duration.ofSeconds(4)));
    assertThat(MapOptions.defaults()).isEqualTo(new MapOptions(0, 0, null));
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new MapOptions(-1, 0, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunkSize is -1, but must be at least 1, or 0 for the default");
    assertThatThrownBy(() -> new MapOptions(0, -1, null))
        .hasMessage("bufferSize is -1, but must be at least 1, or 0 for the default");
    assertThatThrownBy(() -> new MapOptions(0, 0, Duration.ofNanos(-1)))
        .hasMessage("timeout is PT-0.000000001S, but must be zero or positive");
    assertThat(MapOptions.defaults().withTimeout(Duration.ZERO).timeout()).isZero();
  }
}
