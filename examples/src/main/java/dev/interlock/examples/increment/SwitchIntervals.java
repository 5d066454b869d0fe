// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import dev.interlock.examples.BadUsageException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Switch intervals as people write them: {@code 5ms}, {@code 0.5us}, {@code 1ns}. */
public final class SwitchIntervals {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final long NS_PER_US = 1_000;
  private static final long NS_PER_MS = 1_000_000;

  private SwitchIntervals() {}

  /**
   * Reads one.
   *
   * @throws BadUsageException if it is not a time, or longer than an hour
   */
  public static Duration parse(String text) {
    String number = text.strip();
    if (!number.matches("[0-9.]+ *(ns|us|ms|s)|0")) {
      throw wrong(text, null);
    }
    try {
      Duration interval =
          ConfigFactory.parseMap(Map.of("interval", number)).getDuration("interval");
      if (interval.compareTo(LONGEST) > 0) {
        throw wrong(text, null);
      }
      return interval;
    } catch (ConfigException e) {
      throw wrong(text, e);
    }
  }

  private static BadUsageException wrong(String text, @Nullable Exception cause) {
    return new BadUsageException(
        "--switch-interval has '"
            + text
            + "', which is not a time from 0 to one hour. Write it as 5ms, 0.5us or 1ns.",
        cause);
  }

  /** As it can be given again: {@code 5ms}. */
  static String written(Duration interval) {
    long ns = interval.toNanos();
    if (ns != 0 && ns % NS_PER_MS == 0) {
      return ns / NS_PER_MS + "ms";
    }
    if (ns != 0 && ns % NS_PER_US == 0) {
      return ns / NS_PER_US + "us";
    }
    return ns + "ns";
  }

  /** Each once, in their order. */
  public static List<Duration> parseAll(List<String> texts) {
    return texts.stream().map(SwitchIntervals::parse).distinct().toList();
  }
}
