// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.NotShareableException;
import dev.interlock.RemoteTaskException;
import dev.interlock.UndecodableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.net.Socket;
import java.sql.SQLException;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ThrowableTest {
  private final TaskCodec codec = new TaskCodec(ThrowableTest.class.getClassLoader());

  @SuppressWarnings("unchecked")
  private <T> T roundTrip(T value) {
    return (T) codec.decode(codec.encode(value));
  }

  static Stream<Throwable> throwables() {
    Throwable cause = new IOException("disk", new OutOfMemoryError("heap"));
    RuntimeException suppressing = new IllegalStateException("state");
    suppressing.addSuppressed(new Coded(7, "suppressed"));
    suppressing.addSuppressed(cause);
    Runnable[] nothing = new Runnable[1];
    return Stream.of(
        new Exception(),
        new Error("message", cause),
        new RuntimeException(cause),
        suppressing,
        new StackOverflowError(),
        new AssertionError("a", cause),
        new UncheckedIOException("io", new IOException("x")),
        new ExecutionException("e", cause),
        new CompletionException("e", cause),
        new InvocationTargetException(cause, "target"),
        new UndeclaredThrowableException(cause, "undeclared"),
        new ExceptionInInitializerError(cause),
        new ClassNotFoundException("c", cause),
        new DateTimeParseException("parse", "text", 3),
        new Coded(5, "coded"),
        new Coded(6, null),
        new NotShareableException("a.b", "hint", cause),
        new UndecodableException("u", cause),
        new RemoteTaskException("a.B", "m", "text", cause),
        catching(() -> nothing[0].run()),
        catching(() -> List.of(1).get(5)));
  }

  private static Throwable catching(Runnable body) {
    try {
      body.run();
    } catch (RuntimeException e) {
      return e;
    }
    throw new AssertionError("nothing thrown");
  }

  @ParameterizedTest
  @MethodSource("throwables")
  void everythingThatIsPrintedArrives(Throwable thrown) {
    Throwable back = roundTrip(thrown);
    assertThat(back.getClass()).isEqualTo(thrown.getClass());
    assertThat(SafeThrowable.text(back)).isEqualTo(SafeThrowable.text(thrown));
    assertThat(back.getStackTrace()).hasSameSizeAs(thrown.getStackTrace());
    assertThat(back.getSuppressed()).hasSameSizeAs(thrown.getSuppressed());
  }

  /** Adds to its message, which must not be added twice. */
  static class Coded extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int code;

    Coded(int code, String message) {
      super(message);
      this.code = code;
    }

    @Override
    public String getMessage() {
      return "[" + code + "] " + super.getMessage() + ".";
    }
  }

  @Test
  void fieldsArrive() throws Exception {
    Coded coded = roundTrip(new Coded(5, "coded"));
    assertThat(coded.code).isEqualTo(5);
    assertThat(coded).hasMessage("[5] coded.");
    assertThat(roundTrip(coded)).hasMessage("[5] coded.");
    assertThat(roundTrip(new NotShareableException("a.b", "h", null)).path()).isEqualTo("a.b");
    assertThat(roundTrip(new RemoteTaskException("T", "m", "t", null)).remoteText()).isEqualTo("t");
    SQLException sql = roundTrip(new SQLException("reason", "state", 17));
    assertThat(sql.getSQLState()).isEqualTo("state");
    assertThat(sql.getErrorCode()).isEqualTo(17);
  }

  static class Failure extends Exception {
    private static final long serialVersionUID = 1;
    final transient Object skipped = "transient";
    final Object unshareable = new Socket();
    final String kept = "kept";
    Object self = this;
    Object holder;

    Failure(String message) {
      super(message);
    }
  }

  @Test
  void fieldsThatCannotCrossAreLeftOut() {
    Failure failure = new Failure("message");
    failure.holder = new Object[] {failure, new Exception("within", failure)};
    Failure back = roundTrip(failure);
    assertThat(back).hasMessage("message");
    assertThat(back.unshareable).isNull();
    assertThat(back.kept).isEqualTo("kept");
    assertThat(back.self).isNull();
    assertThat(back.holder).isNull();
  }

  @Test
  void cyclicCauses() {
    Exception first = new Exception("first");
    Exception second = new Exception("second", first);
    first.initCause(second);
    first.addSuppressed(second);
    Exception back = roundTrip(first);
    assertThat(back.getCause()).hasMessage("second");
    assertThat(back.getCause().getCause()).isSameAs(back);
    assertThat(back.getSuppressed()[0]).isSameAs(back.getCause());
  }

  static class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new IllegalStateException("getMessage");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("toString");
    }

    @Override
    public synchronized Throwable getCause() {
      throw new IllegalStateException("getCause");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("getStackTrace");
    }
  }

  @Test
  void throwableWhoseMethodsThrow() {
    assertThat((Object) roundTrip(new Hostile())).isInstanceOf(Hostile.class);
    Exception back = roundTrip(new Exception("outer", new Hostile()));
    assertThat(back).hasMessage("outer");
    assertThat(back.getCause() instanceof Hostile).isTrue();
  }

  @Test
  void anonymousAndLocalThrowables() {
    class Local extends Exception {
      private static final long serialVersionUID = 1;

      Local() {
        super("local");
      }
    }
    assertThat(roundTrip(new Local())).hasMessage("local");
    Exception anonymous =
        new Exception("anonymous") {
          private static final long serialVersionUID = 1;
        };
    assertThat(roundTrip(anonymous).getClass()).isEqualTo(anonymous.getClass());
  }

  @Test
  void classThatTheReaderDoesNotHave() {
    byte[] bytes = codec.encode(new Exception("outer", new Coded(9, "inner")));
    TaskCodec elsewhere = new TaskCodec(ClassLoader.getPlatformClassLoader());
    Exception back = (Exception) elsewhere.decode(bytes);
    assertThat(back).hasMessage("outer");
    assertThat(back.getCause()).isInstanceOf(RemoteTaskException.class);
    RemoteTaskException remote = (RemoteTaskException) back.getCause();
    assertThat(remote.remoteType()).isEqualTo(Coded.class.getName());
    assertThat(remote).hasMessageContaining("[9] inner.");
    assertThat(remote.remoteText()).contains("[9] inner.").contains("\tat " + getClass().getName());
  }

  @Test
  void chainTooLongForTheStackCrossesAsText() {
    Exception chain = new Exception("innermost");
    for (int i = 0; i < 50_000; i++) {
      chain = new Exception("link", chain);
      chain.setStackTrace(new StackTraceElement[0]);
    }
    var outcome = roundTrip(dev.interlock.spi.Outcome.failure(chain));
    assertThat(outcome.failure())
        .isInstanceOf(RemoteTaskException.class)
        .hasMessageContaining("link");
  }
}
