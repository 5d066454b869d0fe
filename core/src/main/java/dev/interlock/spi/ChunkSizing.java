// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.MapOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many items of one {@code map} go into a task, and how far the input is read ahead.
 *
 * <p>Where no size is given and tasks cross a boundary, chunks start at one item and at most
 * double, so that a chunk takes about the configured time: boundary costs are shared by short
 * items, and long ones stay alone. Confined to the thread that reads the results.
 */
final class ChunkSizing {
  private static final int LEAST_CHUNKS_AHEAD = 4;
  private static final int MOST_CHUNKS_AHEAD = 256;

  /** So much work may lie before a worker, if that is more chunks than the least, but few items. */
  private static final double AHEAD_NS = 1_000_000;

  private static final int MOST_ITEMS = 16_384;

  /** The weight of the newest measurement in the running mean. */
  private static final double NEWEST = 0.5;

  private final int bufferSize;
  private final int workers;
  private final long targetNs;
  private final int mostItems;
  private final boolean adaptive;
  private int chunkSize;
  private double itemNs;
  private double chunkNs = AHEAD_NS;

  /**
   * @param chunkTime how long an adapted chunk should take; null to not adapt
   */
  ChunkSizing(MapOptions options, int workers, @Nullable Duration chunkTime) {
    this.bufferSize = options.bufferSize();
    this.workers = workers;
    this.adaptive = options.chunkSize() == 0 && chunkTime != null;
    this.targetNs = chunkTime == null ? 0 : chunkTime.toNanos();
    int wanted = Math.max(1, options.chunkSize());
    this.chunkSize = bufferSize == 0 ? wanted : Math.min(wanted, bufferSize);
    this.mostItems =
        bufferSize == 0
            ? MOST_ITEMS
            : Math.max(1, Math.min(MOST_ITEMS, bufferSize / (2 * workers)));
  }

  /** Whether chunks grow and shrink with what is measured. */
  boolean isAdaptive() {
    return adaptive;
  }

  /** Whether each item that is taken makes room for another one to be read. */
  boolean countsItems() {
    return bufferSize != 0;
  }

  /** Items for the next chunk when so many are read and not yet taken; 0 to wait. */
  int nextChunk(int itemsAhead, int chunksAhead) {
    if (chunksAhead == 0) {
      return bufferSize == 0 ? chunkSize : Math.min(chunkSize, bufferSize - itemsAhead);
    }
    if (bufferSize == 0) {
      boolean few = chunksAhead < LEAST_CHUNKS_AHEAD * workers;
      return few || (itemsAhead < MOST_ITEMS && chunksAhead < fittingChunksAhead() * workers)
          ? chunkSize
          : 0;
    }
    int room = bufferSize - itemsAhead;
    return room >= chunkSize ? chunkSize : adaptive ? room : 0;
  }

  private int fittingChunksAhead() {
    return (int) Math.min(MOST_CHUNKS_AHEAD, AHEAD_NS / chunkNs);
  }

  /** A chunk of so many items took so long, what its way over the boundary cost included. */
  void measured(int items, long elapsedNs) {
    chunkNs = NEWEST * Math.max(1.0, (double) elapsedNs) + (1 - NEWEST) * chunkNs;
    if (!adaptive || items == 0) {
      return;
    }
    double latest = Math.max(1.0, (double) elapsedNs / items);
    itemNs = itemNs == 0 ? latest : NEWEST * latest + (1 - NEWEST) * itemNs;
    double fitting = targetNs / itemNs;
    int grown = Math.min(mostItems, chunkSize * 2);
    chunkSize = (int) Math.max(1, Math.min(grown, fitting));
  }
}
