// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import dev.interlock.Blocking;
import dev.interlock.Deadline;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A latch that works across every boundary: it is open once its file exists. Waiting polls, since a
 * process cannot be woken by a file.
 *
 * @param path where the file is
 */
public record Gate(String path) implements Serializable {
  /** Lets everybody pass. */
  public void open() {
    try {
      Files.write(Path.of(path), new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it is open. */
  public boolean isOpen() {
    return Files.exists(Path.of(path));
  }

  /** Waits until it is open, as a blocking call: an interpreter lock is released. */
  public void pass() throws Exception {
    Blocking.call(
        () -> {
          hold();
          return true;
        });
  }

  /** Waits until it is open and keeps the worker busy meanwhile. */
  public void hold() throws InterruptedException {
    Deadline giveUp = Deadline.after(Waiting.limit().multipliedBy(2));
    while (!isOpen()) {
      if (giveUp.hasPassed() || !Files.exists(Path.of(path).getParent())) {
        throw new IllegalStateException("Nobody opened " + path);
      }
      Thread.sleep(1);
    }
  }
}
