// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import org.jspecify.annotations.Nullable;

/**
 * A wrong key or value in the configuration. The message names the key, its origin (file and line,
 * system property, environment or code), the value, and what is allowed.
 */
public final class ConfigurationException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ConfigurationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
