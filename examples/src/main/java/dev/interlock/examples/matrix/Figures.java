// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Figures as people read them; a dash for what was not measured. */
final class Figures {
  private static final String NONE = "-";

  private Figures() {}

  static String millis(@Nullable Double millis) {
    if (millis == null) {
      return NONE;
    }
    if (millis >= 1_000) {
      return format(millis >= 100_000 ? "%.0f s" : "%.2f s", millis / 1_000);
    }
    if (millis < 0.1) {
      return format("%.1f us", millis * 1_000);
    }
    return format(millis >= 100 ? "%.0f ms" : millis >= 10 ? "%.1f ms" : "%.2f ms", millis);
  }

  static String times(@Nullable Double factor) {
    return factor == null ? NONE : format(factor >= 100 ? "%.0fx" : "%.2fx", factor);
  }

  static String percent(double share) {
    return format("%.0f %%", share * 100);
  }

  static String bytes(@Nullable Long bytes) {
    if (bytes == null) {
      return NONE;
    }
    return bytes >= 1_000_000
        ? format("%.1f MB", bytes / 1e6)
        : bytes >= 1_000 ? format("%.1f kB", bytes / 1e3) : bytes + " B";
  }

  static String count(long number) {
    return format("%,d", number);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
