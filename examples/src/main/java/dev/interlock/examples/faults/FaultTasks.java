// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.faults;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** Tasks that behave badly, each in one way. They run in child JVMs. */
final class FaultTasks {
  private static final int MEBIBYTE = 1 << 20;

  private FaultTasks() {}

  static long endlessLoop() {
    long rounds = 0;
    while (true) {
      rounds++;
      if (rounds < 0) {
        return rounds; // after some centuries
      }
    }
  }

  /** Tries about 10^20 ways to match. */
  static boolean endlessRegex() {
    return Pattern.matches("(.*a){12}$", "a".repeat(300) + "!");
  }

  /**
   * Reads from a pipe that nobody writes to: in the kernel, where no interrupt of Java's reaches.
   */
  static int nativeRead(String fifo) throws IOException {
    try (FileInputStream silent = new FileInputStream(fifo)) {
      return silent.read();
    }
  }

  static boolean deadlock() throws InterruptedException {
    Object first = new Object();
    Object second = new Object();
    CountDownLatch bothHoldOne = new CountDownLatch(2);
    Thread other = new Thread(() -> lockBoth(second, first, bothHoldOne), "the other one");
    other.setDaemon(true);
    other.start();
    lockBoth(first, second, bothHoldOne);
    return true;
  }

  private static void lockBoth(Object mine, Object yours, CountDownLatch bothHoldOne) {
    synchronized (mine) {
      bothHoldOne.countDown();
      while (bothHoldOne.getCount() > 0) {
        Thread.onSpinWait();
      }
      synchronized (yours) {
        throw new IllegalStateException("no deadlock");
      }
    }
  }

  static boolean sleep() throws InterruptedException {
    TimeUnit.HOURS.sleep(1);
    return true;
  }

  static boolean exit(int code) {
    System.exit(code);
    return true;
  }

  static boolean halt(int code) {
    Runtime.getRuntime().halt(code);
    return true;
  }

  static int outOfMemory() {
    List<byte[]> hoard = new ArrayList<>();
    while (true) {
      hoard.add(new byte[MEBIBYTE]);
      if (hoard.size() > MEBIBYTE) {
        return hoard.size(); // at a tebibyte
      }
    }
  }

  @SuppressWarnings("InfiniteRecursion") // that is the point
  static int overflow(int depth) {
    return overflow(depth + 1) + 1;
  }

  static boolean signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(ProcessHandle.current().pid()))
        .start()
        .waitFor();
    TimeUnit.MINUTES.sleep(1);
    return false;
  }

  /** Writes to address zero. */
  static boolean segmentationFault() throws ReflectiveOperationException {
    Class<?> unsafe = Class.forName("sun.misc.Unsafe");
    Field instance = unsafe.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    unsafe.getMethod("putAddress", long.class, long.class).invoke(instance.get(null), 0L, 0L);
    return false;
  }

  /** Is done after so many milliseconds, unless it is interrupted. */
  static int doze(int milliseconds) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(milliseconds);
    return milliseconds;
  }

  static long pid() {
    return ProcessHandle.current().pid();
  }
}
