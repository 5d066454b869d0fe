// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The worker initializer threw, which is the cause, or its child died, and there is no cause. */
final class InitializerFailure extends IOException {
  private static final long serialVersionUID = 1L;

  InitializerFailure(@Nullable Throwable thrown) {
    super("the worker initializer failed", thrown);
  }
}
