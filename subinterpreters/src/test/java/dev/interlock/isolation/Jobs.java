// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import com.google.common.collect.ImmutableList;
import dev.interlock.Task;
import dev.interlock.contract.Gate;
import dev.interlock.contract.Trace;
import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.Interpreters;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** What the tests' tasks do. */
public final class Jobs {
  static int counter;
  private static final ThreadLocal<Object> LOCAL = new ThreadLocal<>();

  private Jobs() {}

  static int count() {
    return ++counter;
  }

  /** Keeps the interpreter busy until the gate opens. */
  static int hold(Gate gate) throws InterruptedException {
    gate.hold();
    return 0;
  }

  static int recurse(int depth) {
    return depth == Integer.MAX_VALUE ? 0 : 1 + recurse(depth + 1);
  }

  static int exhaustMemory() {
    long[][] all = new long[1 << 12][];
    for (int i = 0; i < all.length; i++) {
      all[i] = new long[Integer.MAX_VALUE - 8];
    }
    return all.length;
  }

  /** A result that the worker can send and nobody can read. */
  static final class Unreadable implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(java.io.ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
    }

    private void readObject(ObjectInputStream in) throws IOException {
      throw new IOException("not today");
    }
  }

  /** An exception of the user's own. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;
    final int code;

    Refused(String message, int code, Throwable cause) {
      super(message, cause);
      this.code = code;
    }
  }

  @SuppressWarnings("DoNotCallSuggester") // being called and throwing is what it is for
  static int refuse() throws Refused {
    throw new Refused("no", 7, new IOException("because"));
  }

  // For tests in Interlock's own package: a lambda runs where the class that holds it is loaded.

  /** What unloading must survive, by name. */
  public static Map<String, Task<Integer>> unloadable() {
    return Map.ofEntries(
        Map.entry("plain", Jobs::count),
        Map.entry("thread-local", Jobs::threadLocal),
        Map.entry("Guava", Jobs::guava),
        Map.entry("common pool", Jobs::commonPool),
        Map.entry("parallel stream", Jobs::parallelStream),
        Map.entry("timer", Jobs::timer),
        Map.entry("reflection", Jobs::reflection),
        Map.entry("failing", Jobs::failing),
        Map.entry("big result", Jobs::bigResult),
        Map.entry("timer that goes on", Leftovers::endlessTimer),
        Map.entry("daemon thread", Leftovers::daemonThread),
        Map.entry("thread-local of the common pool", Leftovers::poolThreadLocal),
        Map.entry("shutdown hook", Leftovers::shutdownHook),
        Map.entry("JDBC driver", Leftovers::driver),
        Map.entry("MBean", Leftovers::bean),
        Map.entry("bean introspection", Leftovers::introspection),
        Map.entry("security provider", Leftovers::provider),
        Map.entry("uncaught handler", Leftovers::uncaughtHandler),
        Map.entry("resource bundle", Leftovers::bundle));
  }

  /** Counts in the interpreter. */
  public static Task<Integer> counting() {
    return Jobs::count;
  }

  /** Runs until it is interrupted. */
  public static Task<Integer> endless() {
    return () -> {
      Thread.sleep(600_000);
      return 0;
    };
  }

  /** Says that it runs, and runs until the gate opens. */
  public static Task<Integer> marking(Trace trace, Gate gate) {
    return () -> {
      trace.mark("runs");
      gate.hold();
      return 0;
    };
  }

  /** Not atomic: with another thread in between, counts get lost. */
  static void countUnguarded(int times) {
    for (int i = 0; i < times; i++) {
      int before = counter;
      counter = before + 1;
    }
  }

  static byte[] changed(byte[] bytes) {
    bytes[0] = 9;
    return bytes;
  }

  static boolean change(ByteBuffer buffer) {
    buffer.put((byte) 9);
    return true;
  }

  static List<String> added(List<String> words) {
    words.add("theirs");
    return words;
  }

  static Unreadable unreadable() {
    return new Unreadable();
  }

  /** An argument that can be sent, but not read in an interpreter. */
  static final class Unwelcome implements Serializable {
    private static final long serialVersionUID = 1L;

    private void writeObject(java.io.ObjectOutputStream out) throws IOException {
      out.defaultWriteObject();
    }

    private void readObject(ObjectInputStream in) throws IOException {
      throw new IOException("not here");
    }

    int size() {
      return 0;
    }
  }

  /** An interpreter that another one has made and called. */
  public static Interpreter makingAnother() {
    Interpreter made = Interpreters.create();
    made.call(Jobs::count);
    return made;
  }

  static long idOfStartedThread() throws InterruptedException {
    long[] id = new long[1];
    Thread started = new Thread(() -> id[0] = Interpreters.current().id());
    started.start();
    started.join();
    return id[0];
  }

  /** Holds the interpreter's lock, lets go of it, takes it back. */
  public static Task<Integer> lockSteps(Trace trace, Gate held, Gate released, Gate heldAgain) {
    return () -> {
      trace.mark("held");
      held.hold();
      trace.mark("released");
      released.pass();
      trace.mark("held again");
      heldAgain.hold();
      return 0;
    };
  }

  /** Leaves a thread behind that runs until the gate opens. */
  public static Task<Integer> leavingAThread(Gate gate) {
    return () -> {
      Thread left =
          new Thread(
              () -> {
                try {
                  gate.hold();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              },
              "left-by-a-task");
      left.setDaemon(false);
      left.start();
      while (left.getState() != Thread.State.TIMED_WAITING) { // then it has loaded what it needs
        Thread.onSpinWait();
      }
      return 0;
    };
  }

  static int threadLocal() {
    LOCAL.set(new Greeter.English());
    return 1;
  }

  static int guava() {
    return ImmutableList.of(new Greeter.English(), new Greeter.English()).size();
  }

  static int commonPool() {
    return CompletableFuture.supplyAsync(() -> new Greeter.English().greeting())
        .thenApplyAsync(String::length)
        .join();
  }

  static int parallelStream() {
    return IntStream.range(0, 10_000).parallel().map(i -> i % 3).sum();
  }

  static int timer() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(1);
    new Timer("isolated-timer", true)
        .schedule(
            new TimerTask() {
              @Override
              public void run() {
                ran.countDown();
              }
            },
            1);
    ran.await();
    return 1;
  }

  static int reflection() throws Exception {
    Object made = Greeter.English.class.getDeclaredConstructor().newInstance();
    return Arrays.asList(made.getClass().getMethods()).size();
  }

  static int failing() {
    throw new IllegalStateException("on purpose");
  }

  static int bigResult() {
    return new byte[1 << 20].length;
  }
}
