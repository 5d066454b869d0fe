// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;

/**
 * Listens to the parent while the main thread of a child runs tasks: interrupts the task that is to
 * be cancelled, and halts the child when the parent is gone, whatever its other threads do.
 */
final class Watchdog implements Runnable {
  private static final int BUFFER_BYTES = 1 << 10;

  /** How often it looks for the parent's end while the child ends. */
  private static final long LOOK_MS = 10;

  /** Until then, the first task has the processors for itself. */
  private static final long SIGNALS_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(30);

  private final FrameChannel control;
  private final TaskLoop loop;
  private volatile boolean childEnds;

  private Watchdog(FrameChannel control, TaskLoop loop) {
    this.control = control;
    this.loop = loop;
  }

  static Watchdog start(Launch launch, TaskLoop loop) throws IOException {
    FrameChannel control = launch.connect(Launch.CONTROL, BUFFER_BYTES);
    Watchdog watchdog = new Watchdog(control, loop);
    Thread thread = new Thread(watchdog, "interlock-watchdog");
    thread.setDaemon(true);
    thread.start();
    return watchdog;
  }

  /**
   * The child is about to exit. HotSpot waits at exit, for up to 300 ms, for threads that are in
   * native code, as one is that waits for input; one that sleeps does not hold it.
   */
  void childEnds() {
    childEnds = true;
    control.wakeup();
  }

  @Override
  public void run() {
    try {
      control.awaitInput(SIGNALS_AFTER_NS);
      leaveTerminalSignalsToTheParent();
      listen();
    } catch (IOException e) {
      System.err.println("Interlock: this child lost its parent: " + e);
    } finally {
      Runtime.getRuntime().halt(WorkerMain.LOST);
    }
  }

  private void listen() throws IOException {
    while (true) {
      if (control.awaitInput(childEnds ? 0 : FrameChannel.NO_LIMIT)) {
        Frame frame = control.read();
        if (frame == null) {
          return;
        }
        if (frame.kind() == Frame.Kind.CANCEL) {
          loop.cancel(frame.id());
        }
      } else if (childEnds) {
        sleep();
      }
    }
  }

  private static void sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    } catch (InterruptedException e) {
      return; // a task's doing: looking sooner does no harm
    }
  }

  /**
   * A terminal sends Ctrl-C to parent and children at once; the parent decides. {@code
   * sun.misc.Signal} is supported but undocumented: where it is missing, Ctrl-C ends the child a
   * moment before its parent.
   */
  private static void leaveTerminalSignalsToTheParent() {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      InvocationHandler nothing = (proxy, method, arguments) -> null;
      Object ignore =
          Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, nothing);
      for (String name : new String[] {"INT", "HUP"}) {
        signal
            .getMethod("handle", signal, handler)
            .invoke(null, signal.getConstructor(String.class).newInstance(name), ignore);
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      System.err.println("Interlock: Ctrl-C will end this child first: " + e);
    }
  }
}
