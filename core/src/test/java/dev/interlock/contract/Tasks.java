// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/** What the contract's tasks do; all of it can run in any worker. */
final class Tasks {
  private Tasks() {}

  /** An exception with a field of its own. */
  static final class Boom extends Exception {
    final int code;

    Boom(String message, int code, Throwable cause) {
      super(message, cause);
      this.code = code;
    }
  }

  static long sumOfSquares(int below) {
    return LongStream.range(0, below).map(i -> i * i).sum();
  }

  static int twice(int number) {
    return 2 * number;
  }

  static int refuseSeven(int number) {
    if (number == 7) {
      throw new IllegalArgumentException("seven");
    }
    return number;
  }

  static int boom() throws Boom {
    Boom boom = new Boom("the boiler burst", 42, new IOException("disk", new Error("head")));
    boom.addSuppressed(new IllegalStateException("valve"));
    throw boom;
  }

  /** Short, and sensitive to an interrupt that was meant for another task. */
  static int nap(int number) throws InterruptedException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException("before the task did anything");
    }
    if (number % 4 == 0) {
      LockSupport.parkNanos(10_000);
    } else {
      for (int i = number % 100; i > 0; i--) {
        Thread.onSpinWait();
      }
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException("while the task ran");
    }
    return number;
  }

  /** Needs more stack than there is. */
  static int depth(int above) {
    return above < 0 ? 0 : depth(above % 7 + 1) + 1;
  }

  /** Has no end and sees no interrupt. */
  static int loopForEver() {
    int turns = 0;
    while (turns != -1) {
      turns = (turns + 1) & 0xffff;
    }
    return turns;
  }

  static String join(List<String> words) {
    return String.join(" ", words);
  }
}
