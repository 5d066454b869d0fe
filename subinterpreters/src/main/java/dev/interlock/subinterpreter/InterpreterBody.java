// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import org.jspecify.annotations.Nullable;

/**
 * What an {@link Interpreter} consists of, and what is left to be ended when nobody has the handle
 * any more. Its lock guards its fields; no user code runs under it.
 */
final class InterpreterBody implements Runnable {
  /** Null once it has ended. */
  private @Nullable InterpreterState state;

  private @Nullable InterpreterThread thread;

  /** Whether an exec or a call runs. */
  private boolean running;

  /** How many threads of callInThread live. */
  private int threads;

  /** Called once, before anybody else has this. */
  synchronized void take(InterpreterState made) {
    state = made;
  }

  synchronized boolean isRunning() {
    return running || threads > 0;
  }

  /**
   * The state, as long as it has not ended.
   *
   * @throws InterpreterNotFoundException if it has
   */
  synchronized InterpreterState open(long id) {
    InterpreterState open = state;
    if (open == null) {
      throw InterpreterNotFoundException.closed(id);
    }
    return open;
  }

  /**
   * An exec or a call begins, on the thread that is returned.
   *
   * @throws InterpreterRunningException if there is one
   * @throws InterpreterNotFoundException if the interpreter has ended
   */
  synchronized InterpreterThread begin(long id) {
    InterpreterState open = open(id);
    if (running) {
      throw new InterpreterRunningException("Interpreter " + id + " is already running.");
    }
    InterpreterThread own = thread;
    if (own == null) {
      try {
        own = new InterpreterThread(open);
      } catch (OutOfMemoryError e) {
        throw new InterpreterException("Interpreter " + id + " gets no thread: " + e, e);
      }
      thread = own;
    }
    running = true;
    return own;
  }

  synchronized void ended() {
    running = false;
  }

  /**
   * A thread of callInThread begins.
   *
   * @throws InterpreterNotFoundException if the interpreter has ended
   */
  synchronized InterpreterState beginThread(long id) {
    InterpreterState open = open(id);
    threads++;
    return open;
  }

  synchronized void threadEnded() {
    threads--;
  }

  /** The handle was dropped. Nothing runs: what runs keeps the handle. */
  @Override
  public void run() {
    end();
  }

  /**
   * Ends the interpreter and returns the thread to wait for; null if there is none.
   *
   * @throws InterpreterRunningException if it runs code
   */
  @Nullable InterpreterThread end() {
    InterpreterState last;
    InterpreterThread own;
    synchronized (this) {
      last = state;
      if (last != null && isRunning()) {
        throw new InterpreterRunningException(
            "Interpreter " + last.id() + " runs code and cannot be closed.");
      }
      own = thread;
      state = null;
      thread = null;
    }
    if (own != null) {
      own.stop();
    } else if (last != null) {
      last.end();
    }
    return own;
  }
}
