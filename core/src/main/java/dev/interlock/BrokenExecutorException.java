// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.util.concurrent.RejectedExecutionException;

/**
 * The executor cannot run tasks any more: its worker initializer failed, or no worker can be
 * started. Thrown by {@code submit}, and the cause of the failure of every future that was pending.
 * Its own cause says what broke it.
 */
public final class BrokenExecutorException extends RejectedExecutionException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what broke
   * @param cause why
   */
  public BrokenExecutorException(String message, Throwable cause) {
    super(message, cause);
  }
}
