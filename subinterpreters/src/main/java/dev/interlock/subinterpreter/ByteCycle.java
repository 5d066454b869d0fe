// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import net.openhft.chronicle.core.time.TimeProvider;
import net.openhft.chronicle.queue.RollCycle;
import net.openhft.chronicle.queue.rollcycles.RollCycleArithmetic;

/**
 * A roll cycle and its clock in one: the cycle is whatever {@link #advance} has made it.
 *
 * <p>Chronicle starts a new file when the clock enters the next cycle; with a real clock a file
 * grows by as much as is written until then. This clock stands still until the writer finds its
 * file full. To Chronicle each cycle is one second after 1970, which is also how it names the
 * files.
 */
final class ByteCycle implements RollCycle, TimeProvider {
  private static final int LENGTH_MS = 1000;
  private static final String FORMAT = "yyyyMMdd-HHmmss";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern(FORMAT).withZone(ZoneOffset.UTC);

  /** An index page of 64 entries, one for each 64th record: at most 262,144 records in a cycle. */
  private static final RollCycleArithmetic INDEX = RollCycleArithmetic.of(64, 64);

  private volatile int current;

  ByteCycle(int first) {
    current = first;
  }

  /** The name of a cycle's file, without its suffix. */
  static String name(int cycle) {
    return NAME.format(Instant.ofEpochMilli((long) cycle * LENGTH_MS));
  }

  /** The cycle of a file's name, without its suffix. */
  static int cycle(String name) {
    return (int) LocalDateTime.parse(name, NAME).toEpochSecond(ZoneOffset.UTC);
  }

  int current() {
    return current;
  }

  /** Enters a cycle; only the one writer does this. */
  void advance(int cycle) {
    current = cycle;
  }

  @Override
  public long currentTimeMillis() {
    return (long) current * LENGTH_MS;
  }

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public int lengthInMillis() {
    return LENGTH_MS;
  }

  @Override
  public int defaultIndexCount() {
    return INDEX.indexCount();
  }

  @Override
  public int defaultIndexSpacing() {
    return INDEX.indexSpacing();
  }

  @Override
  public long toIndex(int cycle, long sequenceNumber) {
    return INDEX.toIndex(cycle, sequenceNumber);
  }

  @Override
  public long toSequenceNumber(long index) {
    return INDEX.toSequenceNumber(index);
  }

  @Override
  public int toCycle(long index) {
    return INDEX.toCycle(index);
  }

  @Override
  public long maxMessagesPerCycle() {
    return INDEX.maxMessagesPerCycle();
  }
}
