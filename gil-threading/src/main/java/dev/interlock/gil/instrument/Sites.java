// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.Comparator;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * All sites of the process by number: instrumented code tells the gate the number. Thread-safe and
 * lock-free; nothing is ever removed. A class that is instrumented again gets the same numbers.
 */
public final class Sites {
  private static final int FIRST_CHUNK_BITS = 10;
  private static final int CHUNKS = 31 - FIRST_CHUNK_BITS;

  /** Chunk n holds 1,024 << n sites. */
  private static final AtomicReferenceArray<@Nullable AtomicReferenceArray<@Nullable Site>> BY_ID =
      new AtomicReferenceArray<>(CHUNKS);

  private static final ConcurrentSkipListMap<Site, Integer> IDS =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(Site::className)
              .thenComparing(Site::method)
              .thenComparing(Site::descriptor)
              .thenComparingInt(Site::offset)
              .thenComparing(Site::instruction)
              .thenComparingInt(Site::line)
              .thenComparing(Site::kind));

  private static final AtomicInteger NEXT = new AtomicInteger();

  private Sites() {}

  /**
   * The number of a site, never negative.
   *
   * @throws IllegalStateException after two thousand million sites
   */
  public static int add(Site site) {
    Integer known = IDS.get(site);
    if (known != null) {
      return known;
    }
    int id = NEXT.getAndIncrement();
    if (id < 0 || chunk(id) >= CHUNKS) {
      throw new IllegalStateException("No numbers are left for sites; instrument fewer classes");
    }
    slots(chunk(id)).set(index(id), site);
    Integer raced = IDS.putIfAbsent(site, id);
    return raced == null ? id : raced;
  }

  /** The site with that number; null when {@link #add} has never returned it. */
  public static @Nullable Site at(int id) {
    if (id < 0 || chunk(id) >= CHUNKS) {
      return null;
    }
    AtomicReferenceArray<@Nullable Site> slots = BY_ID.get(chunk(id));
    return slots == null ? null : slots.get(index(id));
  }

  private static AtomicReferenceArray<@Nullable Site> slots(int chunk) {
    AtomicReferenceArray<@Nullable Site> slots = BY_ID.get(chunk);
    if (slots != null) {
      return slots;
    }
    AtomicReferenceArray<@Nullable Site> mine =
        new AtomicReferenceArray<>(1 << (FIRST_CHUNK_BITS + chunk));
    AtomicReferenceArray<@Nullable Site> raced = BY_ID.compareAndExchange(chunk, null, mine);
    return raced == null ? mine : raced;
  }

  private static int chunk(int id) {
    long biased = (long) id + (1 << FIRST_CHUNK_BITS);
    return 63 - Long.numberOfLeadingZeros(biased) - FIRST_CHUNK_BITS;
  }

  private static int index(int id) {
    return (int) ((long) id + (1 << FIRST_CHUNK_BITS) - (1L << (FIRST_CHUNK_BITS + chunk(id))));
  }
}
