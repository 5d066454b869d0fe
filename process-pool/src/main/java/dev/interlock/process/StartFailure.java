// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A child JVM did not come as far as its first task. */
final class StartFailure extends IOException {
  private static final long serialVersionUID = 1L;

  StartFailure(String worker, String why, String lastLines, @Nullable Throwable cause) {
    super(
        worker
            + " did not start ("
            + why
            + ")"
            + (lastLines.isBlank() ? "" : "; its last lines:\n" + lastLines),
        cause);
  }
}
