// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of one test of the contract.
 *
 * @param test the name of the test: {@code required_S3_taskIsEncodedInSubmit}
 * @param outcome whether it passed
 * @param reason why it was skipped, or how it failed
 */
record ContractResult(String test, Outcome outcome, String reason) {
  private static final Pattern NAME = Pattern.compile("(required|optional)_([A-Z]\\d*)_\\w+");

  /** Whether a test passed. */
  enum Outcome {
    /** It ran to its end. */
    PASSED,
    /** The strategy lacks a capability that the test is about. */
    SKIPPED,
    /** The strategy breaks the contract. */
    FAILED
  }

  /** Whether a test has a number of the contract in its name. */
  static boolean isNumbered(String test) {
    return NAME.matcher(test).matches();
  }

  /** The number in the test's name: {@code S3}. */
  String number() {
    Matcher name = NAME.matcher(test);
    if (!name.matches()) {
      throw new IllegalStateException("no number of the contract in " + test);
    }
    return name.group(2);
  }

  String toLine() {
    return String.join(
        ",",
        number(),
        test,
        outcome.name().toLowerCase(Locale.ROOT),
        reason.replaceAll("[,\\s]+", " "));
  }

  static ContractResult ofLine(String line) {
    String[] fields = line.split(",", 4);
    return new ContractResult(
        fields[1], Outcome.valueOf(fields[2].toUpperCase(Locale.ROOT)), fields[3]);
  }
}
