// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.gil.agent.GilAgent;
import dev.interlock.gil.gate.Gate;
import dev.interlock.spi.WorkerScope;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What running code looks at to learn that there is something to do about its interpreter lock: it
 * must hand it over, or get it back.
 *
 * <p>One number for the whole process: its low half counts the locks with a drop request, its high
 * half the threads that run without the lock that their task needs (<i>strays</i>). While it is 0,
 * a check is one volatile read, and needs to know neither the thread nor the lock. It is a field of
 * the gate where an agent has defined one, so that instrumented code reads it directly.
 *
 * <p>Where a policy counts bytecodes, instrumented code tells the gate's {@code counter} how many
 * come next; each {@link Gil#checkpoint} counts as one more, with an agent or without.
 */
final class EvalBreaker {
  private static final @Nullable Gate GATE = Gate.find().orElse(null);
  private static final VarHandle BREAKER;
  private static final IntConsumer COUNTER = EvalBreaker::count;

  @SuppressWarnings("UnusedVariable") // read through BREAKER where there is no gate
  private static volatile int own;

  /** How many open executors switch by the number of bytecodes; written under the class's lock. */
  private static volatile int counting;

  /** Whether the gate has our counter; guarded by the class's lock. */
  private static boolean counterInstalled;

  static {
    Gate gate = GATE;
    if (gate == null) {
      BREAKER = ownBreaker();
    } else {
      BREAKER = gate.breaker();
      handle(Gate.CHECK); // loads what it needs; from here on it may be called anywhere in the JDK
      install(gate.hook(), EvalBreaker::handle);
    }
  }

  private EvalBreaker() {}

  private static VarHandle ownBreaker() {
    try {
      return MethodHandles.lookup().findStaticVarHandle(EvalBreaker.class, "own", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Behind whoever is there: this class may be loaded by several class loaders. */
  private static void install(VarHandle hook, IntConsumer mine) {
    while (true) {
      @Nullable IntConsumer before = (IntConsumer) hook.getVolatile();
      IntConsumer both = before == null ? mine : before.andThen(mine);
      if (hook.compareAndSet(before, both)) {
        return;
      }
    }
  }

  /** Whether code is instrumented; if not, only {@link Gil#checkpoint} and its like switch. */
  static boolean isInstrumented() {
    return GATE != null;
  }

  /** The entry for running code; does nothing unless the current thread runs a task. */
  static void check() {
    if (counting != 0) {
      count(1);
    }
    if ((int) BREAKER.getVolatile() != 0) {
      handle(Gate.CHECK);
    }
  }

  private static void handle(int event) {
    if (WorkerScope.current() instanceof GilScope scope) {
      switch (event) {
        case Gate.LOOP, Gate.CHECK -> scope.check(SwitchPoint.NO_SITE);
        case Gate.RETAKE -> scope.retakeIfLost();
        case Gate.CAUGHT -> scope.caught();
        case Gate.ENTER -> scope.enterJdkCall();
        case Gate.EXIT -> scope.exitJdkCall();
        case Gate.ENTER_INITIALIZER -> scope.enterInitializer();
        case Gate.EXIT_INITIALIZER -> scope.exitInitializer();
        default -> scope.check(event);
      }
    }
  }

  private static void count(int bytecodes) {
    if (WorkerScope.current() instanceof GilScope scope) {
      scope.count(bytecodes);
    }
  }

  /** An executor has been opened whose lock switches by the number of bytecodes. */
  static synchronized void beginCounting() {
    if (!counterInstalled && GATE != null) {
      install(GATE.counter(), COUNTER);
      counterInstalled = true;
      GilAgent.countBytecodes();
    }
    counting = counting + 1;
  }

  /** Such an executor has terminated. */
  static synchronized void endCounting() {
    counting = counting - 1;
    if (counting == 0 && GATE != null) {
      // If another loader's is there too, ours stays with it.
      counterInstalled = !GATE.counter().compareAndSet(COUNTER, (IntConsumer) null);
    }
  }

  /** A waiter has asked the holder of its lock to drop it, or each check is to act. */
  static void requested() {
    BREAKER.getAndAdd(1);
  }

  /** It has the lock, or time counts again. */
  static void satisfied() {
    BREAKER.getAndAdd(-1);
  }

  /** A thread runs on without the lock that its task needs. */
  static void strayed() {
    BREAKER.getAndAdd(Gate.ONE_STRAY);
  }

  /** It has the lock again, waits for it, or does not need it any more. */
  static void returned() {
    BREAKER.getAndAdd(-Gate.ONE_STRAY);
  }

  /** The number itself, for tests: 0 when nothing is to do. */
  static int value() {
    return (int) BREAKER.getVolatile();
  }
}
