// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Task;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.isolation.Jobs;
import java.lang.ref.WeakReference;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A closed {@link Interpreter} keeps its classes no longer, also while its handle is kept. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class InterpreterUnloadingTest {

  static Stream<Arguments> tasks() {
    return Jobs.unloadable().entrySet().stream()
        .map(task -> Arguments.of(task.getKey(), task.getValue()));
  }

  /** Written in an interpreter: the classes of this package are shared. */
  private static volatile WeakReference<ClassLoader> seen = new WeakReference<>(null);

  private static WeakReference<ClassLoader> loaderOf(Interpreter interpreter) {
    interpreter.call(
        () -> {
          seen = new WeakReference<>(Thread.currentThread().getContextClassLoader());
        });
    assertThat(seen.get()).isInstanceOf(InterpreterLoader.class);
    return seen;
  }

  private static void awaitCollected(WeakReference<ClassLoader> loader) {
    Waiting.await()
        .until(
            () -> {
              System.gc();
              return loader.get() == null;
            });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tasks")
  void loaderIsCollectedAfterClose(String name, Task<Integer> task) throws Exception {
    Interpreter interpreter = Interpreters.create();
    WeakReference<ClassLoader> loader = loaderOf(interpreter);
    for (int i = 0; i < 3; i++) {
      try {
        interpreter.call(task);
      } catch (ExecutionFailedException e) {
        assertThat(name).isEqualTo("failing");
      }
    }
    Future<Integer> inThread = interpreter.callInThread(task);
    Waiting.await().until(() -> inThread.isDone() && !interpreter.isRunning());
    interpreter.close();
    awaitCollected(loader);
    assertThat(interpreter.id()).isPositive();
    assertThat(inThread.isDone()).isTrue();
  }

  @Test
  void theShellGoesWithItsInterpreter() {
    Interpreter interpreter = Interpreters.create();
    WeakReference<ClassLoader> loader = loaderOf(interpreter);
    interpreter.prepareMain("n", 1);
    interpreter.exec(
        "int twice(int x) { return 2 * x; } Runnable r = () -> twice(n); r.run();"
            + " class Own {} Object o = new Own();");
    assertThatThrownBy(() -> interpreter.exec("throw new IllegalStateException();"))
        .isInstanceOf(ExecutionFailedException.class);
    assertThatThrownBy(() -> interpreter.exec("int = 1;"))
        .isInstanceOf(InvalidSourceException.class);
    interpreter.close();
    awaitCollected(loader);
    assertThat(interpreter.id()).isPositive();
  }

  @Test
  void onesMadeInsideOneDoNotKeepIt() {
    Interpreter outer = Interpreters.create();
    WeakReference<ClassLoader> loader = loaderOf(outer);
    Interpreter inner = outer.call(Jobs::makingAnother);
    outer.close();
    assertThat(inner.call(Jobs.counting())).isEqualTo(2);
    awaitCollected(loader);
    inner.close();
  }

  @Test
  void theClassPathIsClosedWithTheLastAndUsedAgain() throws Exception {
    SubinterpreterOptions options = ConfiguredOptions.current();
    ClassSpace first = ClassSpace.acquire(ClassSpace.application(), options);
    assertThat(ClassSpace.acquire(ClassSpace.application(), options)).isSameAs(first);
    ClassFile file = first.index().classFile("org.junit.jupiter.api.Test");
    assertThat(file).isNotNull();
    first.release();
    assertThat(first.index().resource("org/junit/jupiter/api/Test.class")).isNotNull();
    first.release();
    assertThatThrownBy(() -> first.index().resource("org/junit/jupiter/api/Test.class"))
        .isInstanceOf(IllegalStateException.class);
    ClassSpace next = ClassSpace.acquire(ClassSpace.application(), options);
    assertThat(next).isNotSameAs(first);
    assertThat(next.index().classFile("org.junit.jupiter.api.Test"))
        .as("read once, and not again")
        .isSameAs(file);
    assertThat(next.index().resource("org/junit/jupiter/api/Test.class")).isNotNull();
    next.release();
  }
}
