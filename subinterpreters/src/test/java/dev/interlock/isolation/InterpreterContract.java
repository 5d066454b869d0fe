// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.NotShareableException;
import dev.interlock.contract.Gate;
import dev.interlock.contract.Subject;
import dev.interlock.contract.Trace;
import dev.interlock.contract.Waiting;
import dev.interlock.subinterpreter.ExecutionFailedException;
import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.InterpreterNotFoundException;
import dev.interlock.subinterpreter.InterpreterRunningException;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.InvalidSourceException;
import dev.interlock.subinterpreter.UnmanagedInterpreterException;
import dev.interlock.subinterpreter.Whence;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * I3: interpreters after PEP 734. Not in the package of the classes that it tests: that one is
 * shared, and so would be the tasks' classes.
 */
public interface InterpreterContract extends Subject {

  @Test
  default void required_I3_createdInterpretersAreListedAfterTheMainOne() throws Exception {
    try (Interpreter one = Interpreters.create();
        Interpreter two = Interpreters.create()) {
      assertThat(two.id()).isGreaterThan(one.id()).isPositive();
      assertThat(one.whence()).isEqualTo(Whence.MODULE);
      assertThat(Interpreters.listAll())
          .startsWith(Interpreters.main())
          .containsSubsequence(one, two);
      assertThat(Interpreters.lookup(one.id())).as("one handle per id").isSameAs(one);
      long gone = two.id();
      two.close();
      assertThat(Interpreters.listAll()).contains(one).doesNotContain(two);
      try (Interpreter three = Interpreters.create()) {
        assertThat(three.id()).as("ids are not used again").isGreaterThan(gone);
      }
    }
  }

  @Test
  default void required_I3_interpretersOfExecutorsAreListedAndNotChanged() throws Exception {
    long id = Waiting.get(executor().submit(() -> Interpreters.current().id()));
    Interpreter handle = Interpreters.lookup(id);
    assertThat(Interpreters.listAll()).contains(handle);
    assertThat(handle.whence()).isEqualTo(Whence.EXECUTOR);
    Waiting.await().until(() -> !handle.isRunning());
    assertThatThrownBy(() -> handle.call(Jobs::count))
        .isInstanceOf(UnmanagedInterpreterException.class)
        .hasMessageContaining("is an executor's (contract-shared-interpreter-");
    assertThatThrownBy(handle::close).isInstanceOf(UnmanagedInterpreterException.class);
  }

  @Test
  default void required_I3_currentAndMainAreKnownEverywhere() {
    Interpreter main = Interpreters.main();
    assertThat(main.id()).isZero();
    assertThat(main.whence()).hasToString("runtime init");
    assertThat(main.isRunning()).isTrue();
    assertThat(Interpreters.current()).isSameAs(main);
    try (Interpreter interpreter = Interpreters.create()) {
      assertThat(interpreter.call(() -> Interpreters.current())).isSameAs(interpreter);
      assertThat(interpreter.call(() -> Interpreters.main())).isSameAs(main);
      assertThat(interpreter.call(Jobs::idOfStartedThread)).isEqualTo(interpreter.id());
    }
  }

  @Test
  default void required_I3_theMainOneIsNeitherClosedNorRunFromOutside() {
    Interpreter main = Interpreters.main();
    assertThatThrownBy(main::close)
        .isInstanceOf(UnmanagedInterpreterException.class)
        .hasMessageContaining("the application itself");
    assertThatThrownBy(() -> main.exec("int i;")).isInstanceOf(UnmanagedInterpreterException.class);
    assertThatThrownBy(() -> main.call(Jobs::count))
        .isInstanceOf(UnmanagedInterpreterException.class);
    assertThatThrownBy(() -> main.callInThread(Jobs::count))
        .isInstanceOf(UnmanagedInterpreterException.class);
    assertThatThrownBy(() -> main.prepareMain("i", 1))
        .isInstanceOf(UnmanagedInterpreterException.class);
    assertThatThrownBy(() -> main.get("i")).isInstanceOf(UnmanagedInterpreterException.class);
  }

  @Test
  default void required_I3_prepareMainTakesShareablesAllOrNothing() {
    try (Interpreter interpreter = Interpreters.create()) {
      assertThatThrownBy(
              () -> interpreter.prepareMain(Map.of("good", 1, "bad", List.of("a", new Object()))))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("bad[1]: java.lang.Object");
      assertThatThrownBy(() -> interpreter.get("good")).isInstanceOf(NoSuchElementException.class);
      interpreter.prepareMain(Map.of("good", 1, "words", List.of("a", "b")));
      assertThat(interpreter.get("good")).isEqualTo(1);
      interpreter.exec("String last = words.get(good);");
      assertThat(interpreter.get("last")).isEqualTo("b");
    }
  }

  @Test
  default void required_I3_execKeepsItsStateBetweenCalls() {
    try (Interpreter interpreter = Interpreters.create();
        Interpreter other = Interpreters.create()) {
      interpreter.exec("int n = 20; int twice(int x) { return 2 * x; }");
      interpreter.exec("n = twice(n) + 2;");
      assertThat(interpreter.get("n")).isEqualTo(42);
      assertThatThrownBy(() -> other.get("n")).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  default void required_I3_aSyntaxErrorNamesLineAndColumnAndTheInterpreterStaysUsable() {
    try (Interpreter interpreter = Interpreters.create()) {
      assertThatThrownBy(() -> interpreter.exec("int a = 1;\nint b = = 2;\n"))
          .isInstanceOfSatisfying(
              InvalidSourceException.class,
              e -> {
                assertThat(e.line()).isEqualTo(2);
                assertThat(e.column()).isBetween(9, 10);
                assertThat(e).hasMessageContaining("line 2, column ");
              });
      interpreter.exec("a++;");
      assertThat(interpreter.get("a")).isEqualTo(2);
    }
  }

  @Test
  default void required_I3_callRunsInTheInterpreterAndReturns() {
    Jobs.counter = 100;
    try (Interpreter interpreter = Interpreters.create()) {
      assertThat(interpreter.call(Jobs::count)).isEqualTo(1);
      assertThat(interpreter.call(Jobs::count)).isEqualTo(2);
      assertThat(interpreter.call((String text) -> text.length(), "four")).isEqualTo(4);
      int sum = interpreter.call((Integer a, Integer b) -> a + b, 20, 22);
      assertThat(sum).isEqualTo(42);
      assertThat(Jobs.counter).isEqualTo(100);
    }
  }

  @Test
  default void required_I3_whatACallThrowsStaysInsideAndIsToldInFull() {
    try (Interpreter interpreter = Interpreters.create()) {
      assertThatThrownBy(() -> interpreter.call(Jobs::refuse))
          .isInstanceOfSatisfying(
              ExecutionFailedException.class,
              e -> {
                assertThat(e.type()).isEqualTo("dev.interlock.isolation.Jobs$Refused");
                assertThat(e.remoteMessage()).isEqualTo("no");
                assertThat(e.formatted())
                    .contains("Jobs.refuse(Jobs.java:")
                    .contains("Caused by: java.io.IOException: because");
                assertThat(e).hasNoCause();
                assertThat(e).hasMessageContaining("Uncaught in interpreter " + interpreter.id());
              });
      assertThat(interpreter.call(Jobs::count)).isEqualTo(1);
    }
  }

  @Test
  default void required_I3_callInThreadGivesAFuture() throws Exception {
    try (Interpreter interpreter = Interpreters.create()) {
      Future<Integer> first = interpreter.callInThread(Jobs::count);
      assertThat(Waiting.get(first)).isEqualTo(1);
      Future<Integer> failing = interpreter.callInThread(Jobs::refuse);
      assertThat(Waiting.failureOf(failing)).isInstanceOf(ExecutionFailedException.class);
      assertThat(interpreter.isRunning()).as("once the future is done").isFalse();
    }
  }

  @Test
  default void required_I3_runningTwiceAndClosingWhileRunningAreErrors() throws Exception {
    Gate gate = gate();
    Trace trace = trace();
    Interpreter interpreter = Interpreters.create();
    assertThat(interpreter.isRunning()).isFalse();
    Thread caller = new Thread(() -> interpreter.call(Jobs.marking(trace, gate)));
    caller.start();
    Waiting.await().until(() -> trace.lines().size() == 1);
    assertThat(interpreter.isRunning()).isTrue();
    assertThatThrownBy(() -> interpreter.call(Jobs::count))
        .isInstanceOf(InterpreterRunningException.class)
        .hasMessage("Interpreter " + interpreter.id() + " is already running.");
    assertThatThrownBy(() -> interpreter.exec("int i;"))
        .isInstanceOf(InterpreterRunningException.class);
    assertThatThrownBy(() -> interpreter.prepareMain("i", 1))
        .isInstanceOf(InterpreterRunningException.class);
    assertThatThrownBy(interpreter::close)
        .isInstanceOf(InterpreterRunningException.class)
        .hasMessageContaining("cannot be closed");
    gate.open();
    caller.join();
    assertThat(interpreter.isRunning()).isFalse();
    assertThat(interpreter.call(Jobs::count)).isEqualTo(1);
    interpreter.close();
  }

  @Test
  default void required_I3_aClosedOneIsNotFound() {
    Interpreter interpreter = Interpreters.create();
    interpreter.call(Jobs::count);
    interpreter.close();
    interpreter.close();
    assertThatThrownBy(() -> interpreter.call(Jobs::count))
        .isInstanceOf(InterpreterNotFoundException.class)
        .hasMessage("Interpreter " + interpreter.id() + " is closed.");
    assertThatThrownBy(() -> interpreter.exec("int i;"))
        .isInstanceOf(InterpreterNotFoundException.class);
    assertThatThrownBy(() -> interpreter.callInThread(Jobs::count))
        .isInstanceOf(InterpreterNotFoundException.class);
    assertThatThrownBy(() -> interpreter.prepareMain("i", 1))
        .isInstanceOf(InterpreterNotFoundException.class);
    assertThatThrownBy(() -> interpreter.get("i")).isInstanceOf(InterpreterNotFoundException.class);
    assertThatThrownBy(interpreter::isRunning).isInstanceOf(InterpreterNotFoundException.class);
    assertThatThrownBy(() -> Interpreters.lookup(interpreter.id()))
        .isInstanceOf(InterpreterNotFoundException.class);
    assertThat(interpreter.id()).isPositive();
    assertThat(interpreter.whence()).isEqualTo(Whence.MODULE);
  }
}
