// SPDX-License-Identifier: Apache-2.0
package dev.interlock.config;

import com.typesafe.config.ConfigOrigin;
import java.util.Locale;

/** Where a value of the configuration comes from, for messages. */
final class Origins {
  private Origins() {}

  /** How the library calls the environment, which has no lines to tell. */
  private static final String ENVIRONMENT = "env variables";

  /**
   * {@code /etc/app/application.conf: 12}, {@code system property}, {@code environment variable
   * INTERLOCK_WORKERS}.
   *
   * @param key the key that the value is of
   */
  static String describe(String key, ConfigOrigin origin) {
    if (origin.description().equals(ENVIRONMENT)) {
      String variable = key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
      return "environment variable " + variable;
    }
    String file = origin.filename();
    if (file == null || origin.lineNumber() < 0) {
      return origin.description();
    }
    return file + ": " + origin.lineNumber();
  }
}
