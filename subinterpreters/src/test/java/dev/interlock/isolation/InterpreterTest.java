// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.typesafe.config.ConfigFactory;
import dev.interlock.ConfigurationException;
import dev.interlock.NotShareableException;
import dev.interlock.TaskFuture;
import dev.interlock.UndecodableException;
import dev.interlock.contract.Gate;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Trace;
import dev.interlock.contract.Waiting;
import dev.interlock.isolation.common.Board;
import dev.interlock.subinterpreter.ExecutionFailedException;
import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.InterpreterNotFoundException;
import dev.interlock.subinterpreter.InterpreterRunningException;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.NativeLibraryException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an {@link Interpreter} does beyond the contract's I3. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class InterpreterTest {
  @TempDir Path directory;

  private Gate gate(String name) {
    return new Gate(directory.resolve(name).toString());
  }

  private Trace trace() {
    return new Trace(directory.resolve("trace").toString());
  }

  /** A value of a class that each interpreter has on its own. */
  public record Point(int x, List<String> names) {}

  @Test
  void shareablesCrossAsTheyAreAndTheRestAsCopies() {
    try (Interpreter interpreter = Interpreters.create()) {
      byte[] bytes = {1, 2};
      assertThat(interpreter.call(Jobs::changed, bytes)).containsExactly(9, 2);
      assertThat(bytes).containsExactly(1, 2);
      ByteBuffer buffer = ByteBuffer.allocateDirect(4);
      interpreter.call(Jobs::change, buffer);
      assertThat(buffer.get(0)).as("memory is shared").isEqualTo((byte) 9);
      assertThat(buffer.position()).as("the position is not").isZero();
      Point point = new Point(1, List.of("a"));
      assertThat(interpreter.call((Point p) -> new Point(p.x() + 1, p.names()), point))
          .isEqualTo(new Point(2, List.of("a")));
      List<String> words = new ArrayList<>(List.of("own"));
      assertThat(interpreter.call(Jobs::added, words)).containsExactly("own", "theirs");
      assertThat(words).containsExactly("own");
      Object nothing = interpreter.call(() -> null);
      assertThat(nothing).isNull();
      assertThat(interpreter.call((Object o) -> o == null, null)).isTrue();
    }
  }

  @Test
  void handlesCrossAsWhatTheyAre() {
    try (Interpreter interpreter = Interpreters.create();
        Interpreter other = Interpreters.create()) {
      assertThat(interpreter.call((Interpreter handle) -> handle.call(Jobs::count), other))
          .isEqualTo(1);
      assertThat(interpreter.call(() -> List.of(other))).containsExactly(other);
      other.close();
      assertThatThrownBy(() -> interpreter.call(() -> other.isRunning()))
          .isInstanceOf(UndecodableException.class);
    }
  }

  @Test
  void whatCannotCrossFailsOnItsSide() {
    try (Interpreter interpreter = Interpreters.create()) {
      Thread thread = Thread.currentThread();
      assertThatThrownBy(() -> interpreter.call(() -> thread.getName()))
          .isInstanceOf(NotShareableException.class);
      assertThatThrownBy(() -> interpreter.call(() -> Thread.currentThread()))
          .isInstanceOf(NotShareableException.class);
      assertThatThrownBy(() -> interpreter.call(Jobs::unreadable))
          .isInstanceOf(UndecodableException.class);
      assertThatThrownBy(() -> interpreter.call(Jobs.Unwelcome::size, new Jobs.Unwelcome()))
          .isInstanceOf(UndecodableException.class);
      assertThat(interpreter.call(Jobs::count)).isEqualTo(1);
    }
  }

  @Test
  void errorsOfTheMachineFailOneCall() {
    try (Interpreter interpreter = Interpreters.create()) {
      assertThatThrownBy(() -> interpreter.call(() -> Jobs.recurse(0)))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageStartingWith("java.lang.StackOverflowError");
      assertThatThrownBy(() -> interpreter.call(Jobs::exhaustMemory))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageStartingWith("java.lang.OutOfMemoryError");
      assertThat(interpreter.call(Jobs::count)).isEqualTo(1);
    }
  }

  @Test
  void interruptingTheCallerInterruptsTheCalleeAndIsKept() throws Exception {
    try (Interpreter interpreter = Interpreters.create()) {
      for (int i = 0; i < 50; i++) {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> kept = new AtomicReference<>();
        Thread caller =
            new Thread(
                () -> {
                  try {
                    interpreter.call(Jobs.endless());
                  } catch (Throwable e) {
                    thrown.set(e);
                  }
                  kept.set(Thread.interrupted());
                });
        caller.start();
        if (i % 2 == 0) {
          Waiting.await().until(interpreter::isRunning);
        }
        caller.interrupt();
        caller.join();
        assertThat(kept.get()).isTrue();
        assertThat(thrown.get())
            .isInstanceOf(ExecutionFailedException.class)
            .hasMessageStartingWith("java.lang.InterruptedException");
        assertThat(interpreter.call(() -> Thread.currentThread().isInterrupted())).isFalse();
      }
    }
  }

  @Test
  void othersMayBeMadeAndCalledFromWithin() {
    try (Interpreter interpreter = Interpreters.create()) {
      assertThat(
              interpreter.call(
                  () -> {
                    Jobs.count();
                    try (Interpreter inner = Interpreters.create()) {
                      return List.of(
                          Jobs.count(), inner.call(Jobs::count), inner.call(Jobs::count));
                    }
                  }))
          .containsExactly(2, 1, 2);
    }
  }

  @Test
  void callsBackIntoWhatWaitsAndIntoItselfFail() {
    try (Interpreter interpreter = Interpreters.create();
        Interpreter other = Interpreters.create()) {
      assertThatThrownBy(
              () -> interpreter.call(() -> other.call(() -> interpreter.call(Jobs::count))))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageContaining("is already running.");
      assertThatThrownBy(() -> interpreter.call(() -> Interpreters.current().call(Jobs::count)))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageContaining("is already running.");
      assertThatThrownBy(() -> interpreter.call(() -> Interpreters.current().close()))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageContaining("cannot be closed");
      assertThatThrownBy(() -> interpreter.call(() -> Interpreters.main().call(Jobs::count)))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageContaining("the application itself");
    }
  }

  @Test
  void threadsOfOneInterpreterTakeTurns() throws Exception {
    try (Interpreter interpreter = Interpreters.create()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        calls.add(interpreter.callInThread(() -> Jobs.countUnguarded(200_000)));
      }
      interpreter.call(() -> Jobs.countUnguarded(200_000));
      Waiting.getAll(calls);
      assertThat(interpreter.call(() -> Jobs.counter)).isEqualTo(1_000_000);
      Waiting.await().until(() -> !interpreter.isRunning());
    }
  }

  @Test
  void blockingCallsLetTheOthersRun() throws Exception {
    Gate held = gate("held");
    Gate released = gate("released");
    Gate again = gate("again");
    Trace trace = trace();
    try (Interpreter interpreter = Interpreters.create()) {
      Future<Integer> blocking =
          interpreter.callInThread(Jobs.lockSteps(trace, held, released, again));
      held.open();
      again.open();
      Waiting.await().until(() -> trace.lines().size() == 2);
      assertThat(interpreter.call(Jobs::count)).as("while the thread blocks").isEqualTo(1);
      assertThatThrownBy(interpreter::close).isInstanceOf(InterpreterRunningException.class);
      released.open();
      Waiting.get(blocking);
      Waiting.await().until(() -> !interpreter.isRunning());
    }
  }

  @Test
  void waitingForAThreadFromWithinLetsItRun() {
    try (Interpreter interpreter = Interpreters.create()) {
      assertThat(
              interpreter.call(
                  () -> {
                    Interpreter self = Interpreters.current();
                    return self.callInThread(Jobs::count).get()
                        + self.callInThread(Jobs::count).get(60, TimeUnit.SECONDS);
                  }))
          .isEqualTo(3);
    }
  }

  @Test
  void aThreadIsCancelled() throws Exception {
    try (Interpreter interpreter = Interpreters.create()) {
      Gate gate = gate("gate");
      Trace trace = trace();
      Future<Integer> holding = interpreter.callInThread(Jobs.marking(trace, gate));
      Waiting.await().until(() -> trace.lines().size() == 1);
      Future<Integer> waiting = interpreter.callInThread(Jobs::count);
      assertThatThrownBy(() -> waiting.get(1, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(waiting.cancel(true)).isTrue();
      gate.open();
      Waiting.get(holding);
      Future<Integer> endless = interpreter.callInThread(Jobs.endless());
      Waiting.await().until(interpreter::isRunning);
      assertThat(endless.cancel(true)).isTrue();
      assertThatThrownBy(endless::get).isInstanceOf(CancellationException.class);
      Waiting.await().until(() -> !interpreter.isRunning());
      assertThat(interpreter.call(Jobs::count)).as("the cancelled one never ran").isEqualTo(1);
    }
  }

  @Test
  void aDroppedInterpreterIsClosed() {
    long id = dropped();
    Waiting.await()
        .until(
            () -> {
              System.gc();
              try {
                Interpreters.lookup(id).isRunning();
                return false;
              } catch (InterpreterNotFoundException e) {
                return true;
              }
            });
  }

  private static long dropped() {
    Interpreter interpreter = Interpreters.create();
    interpreter.call(Jobs::count);
    interpreter.exec("int i = 1;");
    return interpreter.id();
  }

  @Test
  void badNamesOfVariablesAreRefused() {
    try (Interpreter interpreter = Interpreters.create()) {
      for (String name : List.of("", "1x", "a b", "int", "a.b")) {
        assertThatThrownBy(() -> interpreter.prepareMain(name, 1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("'" + name + "' cannot be the name of a variable.");
      }
    }
  }

  @Test
  void variablesAreReadFromWithin() {
    try (Interpreter interpreter = Interpreters.create()) {
      interpreter.prepareMain("n", 7);
      assertThat(interpreter.call(() -> Interpreters.current().get("n"))).isEqualTo(7);
    }
  }

  private static String logOf(Runnable body) {
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    PrintStream err = System.err;
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try {
      body.run();
    } finally {
      System.setErr(err);
    }
    return logged.toString(StandardCharsets.UTF_8);
  }

  private static void changeTheProcess(Interpreter interpreter) {
    Locale locale = Locale.getDefault();
    TimeZone zone = TimeZone.getDefault();
    try {
      for (int i = 0; i < 2; i++) {
        int round = i;
        interpreter.call(() -> Locale.setDefault(Locale.forLanguageTag("x-" + round)));
        interpreter.call(
            () -> TimeZone.setDefault(TimeZone.getTimeZone(round == 0 ? "Asia/Tokyo" : "UTC")));
        interpreter.call(
            () -> {
              System.setProperty("changed.by.a.test", "value " + round);
            });
      }
    } finally {
      Locale.setDefault(locale);
      TimeZone.setDefault(zone);
      System.clearProperty("changed.by.a.test");
    }
  }

  @Test
  void changesOfTheProcessAreNamedOnce() {
    try (Interpreter interpreter = Interpreters.create()) {
      interpreter.call(Jobs::count);
      String log = logOf(() -> changeTheProcess(interpreter));
      assertThat(log)
          .containsOnlyOnce("the default locale changed")
          .containsOnlyOnce("the default time zone changed")
          .containsOnlyOnce("the system properties changed")
          .contains("While interpreter-" + interpreter.id() + " ran code");
    }
    try (Interpreter silent =
        Interpreters.create(
            ConfigFactory.parseMap(
                Map.of("interlock.subinterpreters.warn-process-wide-changes", false)))) {
      silent.call(Jobs::count);
      assertThat(logOf(() -> changeTheProcess(silent))).isEmpty();
    }
  }

  @Test
  void packagesAreSharedAndIsolatedAsConfigured() {
    Board.notice = "ours";
    try (Interpreter interpreter =
        Interpreters.create(
            ConfigFactory.parseString(
                "interlock.subinterpreters { shared-packages = [dev.interlock.isolation.common],"
                    + " isolated-packages = [com.google.common] }"))) {
      assertThat(interpreter.call(() -> Board.notice)).isEqualTo("ours");
      assertThat(interpreter.call(() -> ImmutableList.class.getClassLoader().getName()))
          .isEqualTo("interpreter-" + interpreter.id());
      assertThat(interpreter.call(() -> ImmutableList.of(1, 2))).isEqualTo(ImmutableList.of(1, 2));
    }
    try (Interpreter interpreter = Interpreters.create()) {
      assertThat(interpreter.call(() -> Board.notice)).isNotEqualTo("ours");
      assertThat(interpreter.call(() -> String.valueOf(ImmutableList.class.getClassLoader())))
          .isEqualTo(String.valueOf(ImmutableList.class.getClassLoader()));
    }
  }

  @Test
  void packagesThatCannotBeIsolatedAreRefused() {
    Map<String, String> reasons =
        Map.of(
            "java.util", "it is a package of the JDK",
            "org.w3c.dom", "it is a package of the JDK",
            "dev.interlock.spi", "Interlock's own classes",
            "net.openhft.chronicle", "could never be unloaded",
            "1x", "a list of names of packages");
    reasons.forEach(
        (name, reason) ->
            assertThatThrownBy(
                    () ->
                        Interpreters.create(
                            ConfigFactory.parseMap(
                                Map.of(
                                    "interlock.subinterpreters.isolated-packages", List.of(name)))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("isolated-packages is '" + name)
                .hasMessageContaining(reason));
    assertThatThrownBy(
            () ->
                Interpreters.create(
                    ConfigFactory.parseString(
                        "interlock.subinterpreters { shared-packages = [a.b], isolated-packages ="
                            + " [a.b] }")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("it is in shared-packages as well");
  }

  /** A library of the JDK's that nothing here has loaded: there is one on every machine. */
  private static String nativeLibrary() {
    Path library = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("prefs"));
    assertThat(Files.exists(library)).as(library.toString()).isTrue();
    return library.toString();
  }

  @Test
  void aNativeLibraryLoadedTwiceIsNamedWithItsCure() throws Exception {
    String library = nativeLibrary();
    try (Interpreter interpreter = Interpreters.create();
        Interpreter other = Interpreters.create()) {
      interpreter.call(() -> System.load(library));
      assertThatThrownBy(() -> other.call(() -> System.load(library)))
          .isInstanceOfSatisfying(
              ExecutionFailedException.class,
              e -> {
                assertThat(e.type()).isEqualTo(NativeLibraryException.class.getName());
                assertThat(e.remoteMessage())
                    .contains(library)
                    .contains("shared-packages = [\"dev.interlock.isolation\"]");
                assertThat(e.formatted()).contains("Caused by: java.lang.UnsatisfiedLinkError");
              });
      assertThatThrownBy(() -> other.exec("System.load(\"" + library + "\");"))
          .isInstanceOf(ExecutionFailedException.class)
          .hasMessageContaining("shared-packages");
      try (dev.interlock.TaskExecutor executor =
          dev.interlock.Interlock.builder().strategy("subinterpreters").workers(1).open()) {
        TaskFuture<?> future = executor.submit(() -> System.load(library));
        assertThat(Waiting.failureOf(future))
            .isInstanceOfSatisfying(
                NativeLibraryException.class, e -> assertThat(e.library()).isEqualTo(library))
            .hasCauseInstanceOf(UnsatisfiedLinkError.class);
      }
    }
  }

  @Test
  void manyCallersFindTheInterpreterRunningOrGetTheirResult() throws Exception {
    try (Interpreter interpreter = Interpreters.create()) {
      List<Thread> callers = new ArrayList<>();
      AtomicReference<Throwable> wrong = new AtomicReference<>();
      java.util.concurrent.atomic.AtomicInteger done =
          new java.util.concurrent.atomic.AtomicInteger();
      for (int i = 0; i < 4; i++) {
        Thread caller =
            new Thread(
                () -> {
                  for (int n = 0; n < 20_000; n++) {
                    try {
                      interpreter.call(Jobs::count);
                      done.incrementAndGet();
                    } catch (InterpreterRunningException e) {
                      Thread.onSpinWait();
                    } catch (Throwable e) {
                      wrong.set(e);
                    }
                  }
                });
        callers.add(caller);
        caller.start();
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(wrong.get()).isNull();
      assertThat(interpreter.call(() -> Jobs.counter)).isEqualTo(done.get());
    }
  }
}
