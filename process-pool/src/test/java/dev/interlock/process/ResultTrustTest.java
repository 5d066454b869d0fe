// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.HostAndPort;
import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.NotShareableException;
import dev.interlock.RemoteTaskException;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.UndecodableException;
import java.io.Externalizable;
import java.io.ObjectInput;
import java.io.ObjectOutput;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a pool takes back from its children, and what not. */
@ExtendWith(NothingLeft.class)
class ResultTrustTest {

  record Order(int number, List<Line> lines) {}

  record Line(String text) {}

  enum Mood {
    GOOD
  }

  private static Interlock.Builder pool() {
    return Interlock.builder().strategy("process-pool").workers(1);
  }

  @Test
  void classesBesideTheTaskNeedNoPermission() throws Exception {
    try (TaskExecutor executor = pool().open()) {
      assertThat(executor.submit(() -> new Order(1, List.of(new Line("a")))).get())
          .isEqualTo(new Order(1, List.of(new Line("a"))));
      assertThat(executor.submit(() -> Mood.GOOD).get()).isEqualTo(Mood.GOOD);
      assertThat(executor.submit(() -> new Order[] {new Order(2, List.of())}).get()).hasSize(1);
      assertThat(executor.map(n -> new Line("" + n), List.of(1, 2, 3)).toList())
          .containsExactly(new Line("1"), new Line("2"), new Line("3"));
    }
  }

  /** Its jar has no class that was sent. */
  @Test
  void classFromElsewhereFailsItsFutureAlone() throws Exception {
    try (TaskExecutor executor = pool().open()) {
      TaskFuture<Object> refused = executor.submit(() -> HostAndPort.fromString("a:1"));
      assertThatThrownBy(refused::get)
          .cause()
          .isInstanceOf(UndecodableException.class)
          .hasMessageContaining("com.google.common.net.HostAndPort")
          .hasMessageContaining("interlock.process-pool.result-classes");
      assertThat(executor.submit(() -> "next").get()).isEqualTo("next");
      assertThat(executor.stats().workersLost()).isZero();
      List<Object> items = List.of("x", HostAndPort.fromString("a:2"));
      assertThat(executor.map(item -> item, items).toList()).as("it was sent").isEqualTo(items);
    }
  }

  @Test
  void settingPermits() throws Exception {
    try (TaskExecutor executor =
        pool().set("process-pool.result-classes", List.of("com.google.common.net.*")).open()) {
      assertThat(executor.submit(() -> HostAndPort.fromString("a:1")).get().getPort()).isOne();
    }
    assertThatThrownBy(
            () -> pool().set("process-pool.result-classes", List.of("com.*.x")).open().close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("com.*.x")
        .hasMessageContaining("com.example.**");
  }

  @Test
  void exceptionFromElsewhereArrivesAsItsText() {
    try (TaskExecutor executor = pool().open()) {
      TaskFuture<Object> failed =
          executor.submit(
              () -> {
                throw new com.google.common.util.concurrent.UncheckedExecutionException(
                    "foreign", new IllegalStateException("inner"));
              });
      assertThatThrownBy(failed::join)
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              RemoteTaskException.class,
              e ->
                  assertThat(e.remoteText())
                      .contains("UncheckedExecutionException: foreign")
                      .contains("inner")
                      .contains("at " + ResultTrustTest.class.getName()))
          .hasCauseInstanceOf(IllegalStateException.class);
    }
  }

  static final class Own implements Externalizable {
    private static final long serialVersionUID = 1;

    public Own() {}

    @Override
    public void writeExternal(ObjectOutput out) {}

    @Override
    public void readExternal(ObjectInput in) {}
  }

  record Held(Object value) {}

  @Test
  void lambdasAndJavaSerializationAreRefusedByTheChild() throws Exception {
    try (TaskExecutor executor = pool().open()) {
      TaskFuture<Held> lambda = executor.submit(() -> new Held((Task<Integer>) () -> 1));
      assertThatThrownBy(lambda::get)
          .cause()
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("ResultTrustTest.Held.value: lambda of")
          .hasMessageContaining("interlock.process-pool.result-classes = [\"**\"]");
      TaskFuture<Held> own = executor.submit(() -> new Held(new Own()));
      assertThatThrownBy(own::get).cause().isInstanceOf(NotShareableException.class);
    }
    try (TaskExecutor executor = pool().set("process-pool.result-classes", List.of("**")).open()) {
      Held held = executor.submit(() -> new Held((Task<Integer>) () -> 7)).get();
      assertThat(((Task<?>) held.value()).call()).isEqualTo(7);
      assertThat(executor.submit(Own::new).get()).isInstanceOf(Own.class);
    }
  }
}
