// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.gate;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What instrumented code calls. Never used under this name: {@link GateDefinition} renames it to
 * {@code java.lang.InterlockGate} and defines it in the boot loader, so that any class of any
 * loader, the JDK's included, can call it. So it uses nothing but {@code java.base}.
 *
 * <p>Every method is a call without arguments that stay on the stack and without a result, so
 * instrumenting needs no change of stack maps.
 *
 * <p><b>The breaker</b> is 0 while nothing is to do. Its low half counts the locks with a drop
 * request, its high half the threads that run without the lock that their task needs. A loop looks
 * at the low half only: such a thread always comes by another check first.
 */
public final class InterlockGate {
  /** Drop requests in the low half, threads without their lock in the high half. */
  public static volatile int breaker;

  /** Who acts; null until an executor of the strategy has been opened. */
  public static volatile @Nullable IntConsumer hook;

  /** Who counts bytecodes; null while no lock switches by their number. */
  public static volatile @Nullable IntConsumer counter;

  private InterlockGate() {}

  /** At a back-edge. */
  public static void loop() {
    if ((breaker & Gate.REQUESTS) != 0) {
      call(Gate.LOOP);
    }
  }

  /** At a method entry, and after a call into code without checks. */
  public static void check() {
    if (breaker != 0) {
      call(Gate.CHECK);
    }
  }

  /**
   * After {@code monitorenter} and what may have initialized a class: a lock that was lost there is
   * taken back, but the lock does not change hands here, between the read and the write of {@code
   * Other.count++}.
   */
  public static void retake() {
    if ((breaker & ~Gate.REQUESTS) != 0) {
      call(Gate.RETAKE);
    }
  }

  /** Where an exception is caught. Always looks: whatever was thrown may have cut something off. */
  public static void caught() {
    call(Gate.CAUGHT);
  }

  /** Fine mode: before an access to shared state; {@code site} is not negative. */
  public static void access(int site) {
    if (breaker != 0) {
      call(site);
    }
  }

  /** Counting mode: so many bytecodes are about to run. */
  public static void count(int bytecodes) {
    IntConsumer to = counter;
    if (to != null) {
      to.accept(bytecodes);
    }
  }

  /** Before a blocking call. */
  public static void enter() {
    call(Gate.ENTER);
  }

  /** After a blocking call, however it ended. */
  public static void exit() {
    call(Gate.EXIT);
  }

  /** At the begin of a class initializer. */
  public static void enterInitializer() {
    call(Gate.ENTER_INITIALIZER);
  }

  /** At the end of a class initializer, however it ends. */
  public static void exitInitializer() {
    call(Gate.EXIT_INITIALIZER);
  }

  /** In place of {@link Thread#sleep(long)}. */
  public static void sleep(long ms) throws InterruptedException {
    enter();
    try {
      Thread.sleep(ms);
    } finally {
      exit();
    }
  }

  /** In place of {@link Thread#sleep(long, int)}. */
  public static void sleep(long ms, int ns) throws InterruptedException {
    enter();
    try {
      Thread.sleep(ms, ns);
    } finally {
      exit();
    }
  }

  /** In place of {@link Object#wait()}. */
  @SuppressWarnings("WaitNotInLoop") // the caller's loop, if it has one
  public static void await(Object monitor) throws InterruptedException {
    enter();
    try {
      monitor.wait();
    } finally {
      exit();
    }
  }

  /** In place of {@link Object#wait(long)}. */
  @SuppressWarnings("WaitNotInLoop")
  public static void await(Object monitor, long ms) throws InterruptedException {
    enter();
    try {
      monitor.wait(ms);
    } finally {
      exit();
    }
  }

  /** In place of {@link Object#wait(long, int)}. */
  @SuppressWarnings("WaitNotInLoop")
  public static void await(Object monitor, long ms, int ns) throws InterruptedException {
    enter();
    try {
      monitor.wait(ms, ns);
    } finally {
      exit();
    }
  }

  private static void call(int event) {
    IntConsumer to = hook;
    if (to != null) {
      to.accept(event);
    }
  }
}
