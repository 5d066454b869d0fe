// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What children's environment has that this process's has not, or has otherwise.
 *
 * @param byName the value of each variable; null for one that children do not get
 */
record EnvironmentChanges(Map<String, @Nullable String> byName) {
  EnvironmentChanges {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  /**
   * Reads {@code NAME=value} and, for a variable to be removed, {@code -NAME}.
   *
   * @throws IllegalArgumentException if an entry is neither; the message is the entry
   */
  static EnvironmentChanges parse(List<String> entries) {
    Map<String, @Nullable String> byName = new LinkedHashMap<>();
    for (String entry : entries) {
      int equals = entry.indexOf('=');
      if (entry.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(entry.replace('\0', '?'));
      }
      if (equals > 0 && entry.charAt(0) != '-') {
        byName.put(entry.substring(0, equals), entry.substring(equals + 1));
      } else if (equals < 0 && entry.length() > 1 && entry.charAt(0) == '-') {
        byName.put(entry.substring(1), null);
      } else {
        throw new IllegalArgumentException(entry);
      }
    }
    return new EnvironmentChanges(byName);
  }

  void applyTo(Map<String, String> environment) {
    byName.forEach(
        (name, value) -> {
          if (value == null) {
            environment.remove(name);
          } else {
            environment.put(name, value);
          }
        });
  }
}
