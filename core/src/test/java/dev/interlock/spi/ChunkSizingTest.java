// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.MapOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChunkSizingTest {
  private static final Duration TARGET = Duration.ofMillis(5);

  @Test
  void withoutABoundaryAnItemIsAChunk() {
    ChunkSizing sizing = new ChunkSizing(MapOptions.defaults(), 2, null);
    sizing.measured(1, 100);
    assertThat(sizing.nextChunk(0, 0)).isEqualTo(1);
    assertThat(sizing.nextChunk(7, 7)).isEqualTo(1);
    assertThat(sizing.nextChunk(8, 8)).as("with four chunks ahead per worker").isZero();
  }

  @Test
  void shortItemsShareAChunkThatDoublesAtMost() {
    ChunkSizing sizing = new ChunkSizing(MapOptions.defaults(), 2, TARGET);
    assertThat(sizing.nextChunk(0, 0)).isEqualTo(1);
    int size = 1;
    for (int i = 0; i < 14; i++) {
      sizing.measured(size, size * 100L);
      size = Math.min(2 * size, 16_384);
      assertThat(sizing.nextChunk(0, 0)).isEqualTo(size);
    }
    sizing.measured(16_384, 16_384 * 100L);
    assertThat(sizing.nextChunk(0, 0)).as("the most items").isEqualTo(16_384);
  }

  @Test
  void chunkFitsTheTimeItMayTake() {
    ChunkSizing sizing = new ChunkSizing(MapOptions.defaults(), 2, TARGET);
    for (int i = 0; i < 20; i++) {
      sizing.measured(10, 10 * 1_000_000L);
    }
    assertThat(sizing.nextChunk(0, 0)).as("items of 1 ms in 5 ms").isEqualTo(5);
    for (int i = 0; i < 20; i++) {
      sizing.measured(1, 20_000_000L);
    }
    assertThat(sizing.nextChunk(0, 0)).as("items of 20 ms").isEqualTo(1);
    sizing.measured(0, 0);
    assertThat(sizing.nextChunk(0, 0)).isEqualTo(1);
  }

  @Test
  void bufferIsNeverExceeded() {
    for (int chunk : new int[] {0, 1, 3, 50}) {
      for (int buffer : new int[] {1, 2, 10}) {
        MapOptions options = new MapOptions(chunk, buffer, null);
        ChunkSizing sizing = new ChunkSizing(options, 2, TARGET);
        for (int ahead = 0; ahead <= buffer; ahead++) {
          sizing.measured(1, 10);
          assertThat(sizing.nextChunk(ahead, ahead == 0 ? 0 : 1) + ahead)
              .as("chunk %d, buffer %d, ahead %d", chunk, buffer, ahead)
              .isLessThanOrEqualTo(buffer);
        }
        assertThat(sizing.nextChunk(0, 0)).as("when nothing is under way").isPositive();
      }
    }
  }

  @Test
  void givenSizeIsKept() {
    ChunkSizing sizing = new ChunkSizing(MapOptions.defaults().withChunkSize(10), 1, TARGET);
    sizing.measured(10, 10);
    assertThat(sizing.nextChunk(0, 0)).isEqualTo(10);
    assertThat(sizing.nextChunk(30, 3)).isEqualTo(10);
    assertThat(sizing.nextChunk(40, 4)).isZero();
  }

  @Test
  void moreShortChunksAreReadAhead() {
    ChunkSizing sizing = new ChunkSizing(MapOptions.defaults().withChunkSize(1), 2, null);
    assertThat(sizing.nextChunk(7, 7)).isEqualTo(1);
    assertThat(sizing.nextChunk(8, 8)).isZero();
    for (int i = 0; i < 20; i++) {
      sizing.measured(1, 20_000);
    }
    assertThat(sizing.nextChunk(97, 97)).isEqualTo(1);
    assertThat(sizing.nextChunk(100, 100)).isZero();
    for (int i = 0; i < 20; i++) {
      sizing.measured(1, 50_000_000);
    }
    assertThat(sizing.nextChunk(8, 8)).as("a few, however long they take").isZero();
  }
}
