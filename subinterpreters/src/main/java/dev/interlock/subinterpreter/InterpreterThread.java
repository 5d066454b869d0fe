// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.WorkerScope;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The main thread of an interpreter that {@link Interpreters#create} made.
 *
 * <pre>
 *   caller                                interpreter's thread
 *   ------                                --------------------
 *   encode
 *   next = exchange  -------------------> take: look 2,000 times, then park
 *   look 2,000 times, then park             lock
 *     |                                     decode, run, encode
 *     |                                     unlock
 *   open the reply   <------------------- exchange.reply
 * </pre>
 *
 * <p><b>Concurrency.</b> One caller at a time: the interpreter sees to that. {@code next} and
 * {@code parked} are volatile; each side writes its own and then reads the other's, so one of them
 * sees the other and no wake-up is lost.
 */
final class InterpreterThread {
  private static final Exchange STOP = new Exchange(state -> Reply.DONE);

  private final InterpreterState state;
  private final Thread thread;
  private final InterruptSlot slot;
  private volatile @Nullable Exchange next;
  private volatile boolean parked;

  /**
   * Starts the thread.
   *
   * @throws OutOfMemoryError if the machine has no more threads
   */
  InterpreterThread(InterpreterState state) {
    this.state = state;
    this.thread = unstarted(state.name(), this::live);
    this.slot = InterruptSlot.ofWorker(thread);
    thread.start();
  }

  /**
   * A daemon thread that has nothing of the current thread, which may be another interpreter's:
   * neither loader nor thread-locals nor protection domains, all of which would pin that one.
   */
  @SuppressWarnings("removal") // the JVM notes the creator's protection domains until JDK 24
  static Thread unstarted(String name, Runnable body) {
    return AccessController.doPrivileged(
        (PrivilegedAction<Thread>)
            () -> {
              Thread thread = new Thread(null, body, name, 0, false);
              thread.setDaemon(true);
              thread.setContextClassLoader(InterpreterThread.class.getClassLoader());
              return thread;
            });
  }

  // The callers' side.

  /** Has the work done and waits for the reply. */
  Reply run(Work work) {
    Exchange exchange = new Exchange(work);
    send(exchange);
    WorkerScope scope = WorkerScope.current();
    if (scope == null) {
      return exchange.await(() -> slot.interrupt(exchange));
    }
    scope.enterBlocking();
    try {
      return exchange.await(() -> slot.interrupt(exchange));
    } finally {
      scope.exitBlocking();
    }
  }

  private void send(Exchange exchange) {
    next = exchange;
    if (parked) {
      LockSupport.unpark(thread);
    }
  }

  /** Has the interpreter end; its state is ended on its own thread. */
  void stop() {
    send(STOP);
  }

  /** After {@link #stop}: waits until the thread is gone. An interrupt is kept for later. */
  void join() {
    Uninterruptibles.joinUninterruptibly(thread);
  }

  // The interpreter's side.

  private void live() {
    state.enter(null);
    boolean goesOn = true;
    while (goesOn) {
      goesOn = serve();
    }
    state.end();
    InterpreterState.leave();
  }

  /** In a method of its own, so that a parked thread keeps no exchange in reach. */
  private boolean serve() {
    Exchange exchange = take();
    if (exchange == STOP) {
      return false;
    }
    Reply reply;
    slot.enter(exchange);
    try {
      if (exchange.wasInterrupted()) {
        slot.interrupt(exchange);
      }
      reply = state.run(exchange.work());
    } catch (Throwable e) { // the stack or the memory is used up
      reply = Reply.Thrown.of(e);
    } finally {
      slot.leave(exchange);
    }
    exchange.complete(reply);
    return true;
  }

  private Exchange take() {
    for (int i = 0; i < Exchange.SPINS; i++) {
      Exchange exchange = next;
      if (exchange != null) {
        next = null;
        return exchange;
      }
      Exchange.pause(i);
    }
    parked = true;
    Exchange exchange = next;
    while (exchange == null) {
      LockSupport.park(this);
      Thread.interrupted(); // no work runs, so it is for none, and it would keep us from parking
      exchange = next;
    }
    parked = false;
    next = null;
    return exchange;
  }
}
