// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.interlock.Capability;
import dev.interlock.NotShareableException;
import dev.interlock.RemoteTaskException;
import dev.interlock.SubmitSite;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** F1, F2: failures of tasks, and of what they take and give. */
interface FailureContract extends Subject {

  @Test
  default void required_F1_ownExceptionComesBackAsTheCause() {
    Throwable failure = Waiting.failureOf(executor().submit(Tasks::boom));
    assertThat(failure)
        .isExactlyInstanceOf(Tasks.Boom.class)
        .hasMessage("the boiler burst")
        .hasCauseExactlyInstanceOf(IOException.class);
    assertThat(((Tasks.Boom) failure).code).as("a field of its own").isEqualTo(42);
    assertThat(failure.getCause()).hasMessage("disk").hasCauseExactlyInstanceOf(Error.class);
    assertThat(failure.getSuppressed())
        .singleElement()
        .satisfies(
            valve ->
                assertThat(valve)
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage("valve"));
    assertThat(failure.getStackTrace())
        .as("the stack in the worker")
        .anySatisfy(
            frame -> {
              assertThat(frame.getClassName()).isEqualTo(Tasks.class.getName());
              assertThat(frame.getMethodName()).isEqualTo("boom");
            });
  }

  @Test
  default void required_F1_errorsAndExceptionsOfFuturesKeepTheirType() {
    assertThat(Waiting.failureOf(executor().submit(() -> fail(new AssertionError("no")))))
        .isExactlyInstanceOf(AssertionError.class)
        .hasMessageContaining("no");
    CompletionException wrapped = new CompletionException("outer", new IOException("inner"));
    assertThat(Waiting.failureOf(executor().submit(() -> fail(wrapped))))
        .isExactlyInstanceOf(CompletionException.class)
        .hasMessage("outer")
        .hasCauseExactlyInstanceOf(IOException.class);
    ExecutionException executed = new ExecutionException("outer", new IOException("inner"));
    assertThat(Waiting.failureOf(executor().submit(() -> fail(executed))))
        .isExactlyInstanceOf(ExecutionException.class)
        .hasMessage("outer");
    TaskFuture<Integer> future =
        executor().submit(() -> fail(new CancellationException("the task's own")));
    assertThat(Waiting.failureOf(future))
        .isExactlyInstanceOf(CancellationException.class)
        .hasMessage("the task's own");
    assertThat(future.isCancelled()).as("a task that throws is not cancelled").isFalse();
    assertThatThrownBy(future::join)
        .isExactlyInstanceOf(CompletionException.class)
        .hasCauseExactlyInstanceOf(CancellationException.class);
  }

  private static int fail(Throwable failure) throws Exception {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (Exception) failure;
  }

  @Test
  default void required_F1_failureNamesTheSubmitSite() {
    try (TaskExecutor executor = open(builder().submitSite(true))) {
      TaskFuture<Integer> future = executor.submit(Tasks::boom);
      Throwable thrown = catchThrowable(() -> Waiting.get(future));
      assertThat(thrown).isInstanceOf(ExecutionException.class);
      assertThat(Arrays.stream(thrown.getSuppressed()).filter(SubmitSite.class::isInstance))
          .singleElement()
          .satisfies(
              site ->
                  assertThat(site.getStackTrace())
                      .extracting(StackTraceElement::getMethodName)
                      .contains("required_F1_failureNamesTheSubmitSite"));
      assertThat(catchThrowable(future::join)).isInstanceOf(CompletionException.class);
      assertThat(catchThrowable(future::join).getSuppressed())
          .as("once, however often it is asked for")
          .hasSize(1);
    }
  }

  @Test
  default void required_F1_exceptionWhoseClassCannotCrossComesBackInFull() throws Exception {
    Throwable failure = Waiting.failureOf(executor().submit(FailureContract::throwUnknownClass));
    if (!has(Capability.COPIED_TASKS)) {
      assertThat(failure.getClass().isHidden()).isTrue();
      assertThat(failure).hasMessage("from a hidden class");
      return;
    }
    assertThat(failure)
        .isInstanceOfSatisfying(
            RemoteTaskException.class,
            remote -> {
              assertThat(remote.remoteType()).contains("Unknown");
              assertThat(remote)
                  .hasMessageContaining("Unknown")
                  .hasMessageContaining("from a hidden class");
              assertThat(remote.remoteText())
                  .contains("from a hidden class")
                  .contains("throwUnknownClass");
            });
    assertUsable(executor());
  }

  /** The pattern of an exception that only its own worker knows. */
  final class Unknown extends RuntimeException {
    public Unknown() {
      super("from a hidden class");
    }
  }

  private static int throwUnknownClass() throws Exception {
    String name = Unknown.class.getName().replace('.', '/') + ".class";
    try (InputStream bytes = Unknown.class.getClassLoader().getResourceAsStream(name)) {
      Class<?> hidden =
          MethodHandles.lookup().defineHiddenClass(bytes.readAllBytes(), true).lookupClass();
      throw (RuntimeException) hidden.getDeclaredConstructor().newInstance();
    }
  }

  /** A record that can be made only where {@link #home} is set. */
  record Homebound(String content) implements java.io.Serializable {
    static boolean home;

    public Homebound {
      if (!home) {
        throw new IllegalStateException("not at home");
      }
    }
  }

  /** A record that can be made everywhere but where {@link #home} is set. */
  record Exile(String content) implements java.io.Serializable {
    static boolean home;

    public Exile {
      if (home) {
        throw new IllegalStateException("not away");
      }
    }
  }

  @Test
  default void required_F2_resultThatCannotCrossFailsOnlyItsFuture() throws Exception {
    try (Socket socket = new Socket()) {
      assertThat(socket.isBound()).isFalse();
      TaskFuture<Socket> future = executor().submit(() -> new Socket());
      if (has(Capability.COPIED_TASKS)) {
        assertThat(Waiting.failureOf(future))
            .isInstanceOf(NotShareableException.class)
            .hasMessageContaining("java.net.Socket");
      } else {
        Waiting.get(future).close();
      }
    }
    assertUsable(executor());
  }

  @Test
  default void required_F2_whatCannotBeDecodedFailsOnlyItsFuture() throws Exception {
    needs(Capability.ISOLATED_STATE);
    long lost = executor().stats().workersLost();
    Homebound.home = true;
    Exile.home = true;
    try {
      Homebound argument = new Homebound("x");
      assertThat(Waiting.failureOf(executor().submit(() -> argument.content())))
          .as("an argument that the worker cannot decode")
          .hasStackTraceContaining("not at home");
      assertThat(Waiting.failureOf(executor().submit(() -> new Exile("x"))))
          .as("a result that the submitter cannot decode")
          .hasStackTraceContaining("not away");
    } finally {
      Homebound.home = false;
      Exile.home = false;
    }
    assertUsable(executor());
    assertThat(executor().stats().workersLost()).isEqualTo(lost);
  }
}
