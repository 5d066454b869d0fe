// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a cell ended. */
public enum CellStatus {
  /** It was measured. */
  OK,
  /** The strategy cannot do this, and says so; nothing was measured. */
  UNSUPPORTED,
  /** It was tried and came to nothing, or to a wrong result. */
  FAILED;

  /** The name in reports. */
  @JsonValue
  public String written() {
    return name().toLowerCase(Locale.ROOT);
  }
}
