// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What to use for one task set.
 *
 * @param tasks the task set
 * @param strategy the strategy, {@code sequential} for none, or null where there is no clear winner
 * @param confidence how sure that is
 * @param reasons sentences with the figures they rest on
 */
public record Recommendation(
    String tasks, @Nullable String strategy, Confidence confidence, List<String> reasons) {

  /** Copies the list. */
  public Recommendation {
    reasons = List.copyOf(reasons);
  }

  /** How sure a recommendation is. */
  public enum Confidence {
    /** The winner is far ahead, or the only one that does it right. */
    HIGH,
    /** The winner is ahead beyond noise, by less than a quarter or measured in few runs. */
    MEDIUM,
    /** The leaders are within noise of each other. */
    NO_CLEAR_WINNER,
    /** Nothing could be measured. */
    NONE;

    /** The words in reports. */
    @JsonValue
    public String written() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }
}
