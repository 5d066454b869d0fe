// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import org.jspecify.annotations.Nullable;

/**
 * A task, an argument or a result cannot cross the boundary between two workers. Thrown by {@code
 * submit} on the caller's thread when it concerns the task; the cause of the future's failure when
 * it concerns the result.
 */
public final class NotShareableException extends InterlockException {
  private static final long serialVersionUID = 1L;

  private final String path;

  /**
   * @param path where the value sits, from the root: {@code Job.client.socket: java.net.Socket}
   * @param hint one sentence that says what to do instead
   */
  public NotShareableException(String path, String hint, @Nullable Throwable cause) {
    super("Cannot cross to another worker: " + path + ". " + hint, cause);
    this.path = path;
  }

  /**
   * Where the value sits, from the root, and its class: {@code Job.client.socket: java.net.Socket}.
   */
  public String path() {
    return path;
  }
}
