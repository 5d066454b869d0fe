// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import org.jspecify.annotations.Nullable;

/**
 * Stands for a task's exception whose own class cannot cross the boundary. Carries the class name
 * and the full text, stack trace included, as the worker saw it.
 */
public final class RemoteTaskException extends InterlockException {
  private static final long serialVersionUID = 1L;

  private final String remoteType;
  private final String remoteText;

  /**
   * @param remoteType the class name of the exception in the worker
   * @param remoteMessage its message
   * @param remoteText what {@code printStackTrace} printed in the worker
   */
  public RemoteTaskException(
      String remoteType,
      @Nullable String remoteMessage,
      String remoteText,
      @Nullable Throwable cause) {
    super(remoteMessage == null ? remoteType : remoteType + ": " + remoteMessage, cause);
    this.remoteType = remoteType;
    this.remoteText = remoteText;
  }

  /** The class name of the exception in the worker. */
  public String remoteType() {
    return remoteType;
  }

  /**
   * What {@code printStackTrace} printed in the worker: causes and suppressed exceptions included.
   */
  public String remoteText() {
    return remoteText;
  }
}
