// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;

import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A parent with large payloads, configured by system properties. */
final class BufferParent {
  private static final int BYTES = 8 << 20;

  private BufferParent() {}

  /**
   * Does what it is told.
   *
   * @param arguments {@code echo}: prints "echoed" if what comes back is what was sent; {@code
   *     hold}: keeps two files until it is ended from outside, and prints "holding"
   */
  public static void main(String[] arguments) throws Exception {
    byte[] large = new byte[BYTES];
    new Random(1).nextBytes(large);
    try (TaskExecutor executor = pool(1).open()) {
      if (arguments[0].equals("echo")) {
        for (int i = 0; i < 3; i++) {
          if (!Arrays.equals(executor.submit(() -> large).get(), large)) {
            throw new IllegalStateException("something else came back");
          }
        }
        System.out.println("echoed");
      } else {
        TaskFuture<?> running =
            executor.submit(
                () -> {
                  System.out.println("holding " + large.length);
                  new CountDownLatch(1).await();
                  return null;
                });
        TaskFuture<byte[]> queued = executor.submit(() -> large);
        running.get();
        queued.get();
      }
    }
  }
}
