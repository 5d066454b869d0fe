// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.increment;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.jspecify.annotations.Nullable;

/**
 * What came out at one switch interval.
 *
 * @param switchInterval such as {@code 5ms}; null where there is no lock
 * @param attempts how many were made
 * @param correctPercent the share of attempts that ended at exactly the number of increments
 * @param lostUpdates increments that are missing, in all attempts together
 * @param switches how often the lock changed hands inside an increment; null where there is no lock
 * @param documented CPython's figure for such an interval; null if there is none
 */
@JsonPropertyOrder({
  "switchInterval",
  "attempts",
  "correctPercent",
  "lostUpdates",
  "switches",
  "documented"
})
public record IncrementRow(
    @Nullable String switchInterval,
    int attempts,
    double correctPercent,
    long lostUpdates,
    @Nullable Long switches,
    @Nullable Documented documented) {}
