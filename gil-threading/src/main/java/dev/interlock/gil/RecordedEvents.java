// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Threshold;
import org.jspecify.annotations.Nullable;

/** The events, recorded by JDK Flight Recorder. Its classes are loaded only where they exist. */
final class RecordedEvents implements LockEvents {

  @Name("dev.interlock.LockWait")
  @Label("Interpreter Lock Wait")
  @Description("A thread waited for the interpreter lock of its executor")
  @Category({"Interlock", "gil-threading"})
  @Threshold("1 ms")
  static final class LockWait extends Event {
    @Label("Executor")
    @Nullable String executor;

    @Label("Asked")
    @Description("It waited long enough to ask the holder to drop the lock")
    boolean asked;
  }

  @Name("dev.interlock.HandOff")
  @Label("Interpreter Lock Hand-Off")
  @Description("A thread has the interpreter lock after another thread had it")
  @Category({"Interlock", "gil-threading"})
  @StackTrace(false)
  static final class HandOff extends Event {
    @Label("Executor")
    @Nullable String executor;

    @Label("From")
    @Nullable Thread from;

    @Label("To")
    @Nullable Thread to;

    @Label("Forced")
    @Description("The former holder was asked to drop the lock, or told to by a controller")
    boolean forced;

    @Label("Site")
    @Description("Before which access to shared state, in fine mode; -1 elsewhere")
    int site;
  }

  @Name("dev.interlock.TakeOver")
  @Label("Interpreter Lock Take-Over")
  @Description("A waiter took the interpreter lock away from a holder that was blocked")
  @Category({"Interlock", "gil-threading"})
  @StackTrace(false)
  static final class TakeOver extends Event {
    @Label("Executor")
    @Nullable String executor;

    @Label("From")
    @Nullable Thread from;

    @Label("To")
    @Nullable Thread to;
  }

  @Override
  public @Nullable Object waitBegins() {
    LockWait event = new LockWait();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  public void waitEnds(Object begun, String executor, boolean asked) {
    LockWait event = (LockWait) begun;
    event.end();
    if (event.shouldCommit()) {
      event.executor = executor;
      event.asked = asked;
      event.commit();
    }
  }

  @Override
  public void handedOver(String executor, Thread from, boolean forced, int site) {
    HandOff event = new HandOff();
    if (event.shouldCommit()) {
      event.executor = executor;
      event.from = from;
      event.to = Thread.currentThread();
      event.forced = forced;
      event.site = site;
      event.commit();
    }
  }

  @Override
  public void tookOver(String executor, Thread from) {
    TakeOver event = new TakeOver();
    if (event.shouldCommit()) {
      event.executor = executor;
      event.from = from;
      event.to = Thread.currentThread();
      event.commit();
    }
  }
}
