// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.net.HostAndPort;
import dev.interlock.NotShareableException;
import dev.interlock.RemoteTaskException;
import dev.interlock.Task;
import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import java.io.IOException;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a parent decodes of what a child process sends. */
class ResultClassesTest {
  private static final String SETTING = "interlock.process-pool.result-classes";

  /** Says which classes it was asked for. */
  private static final class Watching extends ClassLoader {
    final Set<String> asked = ConcurrentHashMap.newKeySet();

    Watching() {
      super(ResultClassesTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      asked.add(name);
      return super.loadClass(name, resolve);
    }
  }

  private final Watching loader = new Watching();

  /** A child that has been taken over: it encodes whatever it likes. */
  private final TaskCodec hostile = new TaskCodec(ResultClassesTest.class.getClassLoader());

  private TaskCodec parent(String... patterns) {
    return TaskCodec.distrusting(
        loader, new ResultClasses(loader, SETTING, List.of(patterns), List.of()));
  }

  private Object answer(TaskCodec parent, Object value) {
    return Objects.requireNonNull(parent.decode(hostile.encode(value)));
  }

  static class Canary {}

  enum CanaryEnum {
    ONE
  }

  static class CanaryException extends Exception {
    private static final long serialVersionUID = 1;

    CanaryException(String message) {
      super(message);
    }
  }

  @Test
  void jdkDataNeedsNoPermission() {
    TaskCodec parent = parent();
    List<Object> data =
        List.of(
            "text",
            Map.of("k", new ArrayList<>(List.of(1, 2L))),
            TimeUnit.DAYS,
            RoundingMode.UP,
            EnumSet.of(DayOfWeek.MONDAY),
            new EnumMap<>(Map.of(DayOfWeek.MONDAY, 1)),
            new TreeMap<>(Map.of("a", 1)),
            String.class);
    assertThat(answer(parent, data)).isEqualTo(data);
    assertThat(answer(parent, new Number[][] {{1, 2.5}})).isEqualTo(new Number[][] {{1, 2.5}});
    assertThat(loader.asked).allMatch(name -> name.startsWith("java.") || name.startsWith("[["));
  }

  @Test
  void classThatWasNotSentIsNotEvenLookedFor() {
    TaskCodec parent = parent();
    List<byte[]> frames =
        List.of(
            hostile.encode(new Canary()),
            hostile.encode(new Canary[] {new Canary()}),
            hostile.encode(Canary.class),
            hostile.encode(List.of(1, List.of(CanaryEnum.ONE))),
            hostile.encode(EnumSet.of(CanaryEnum.ONE)),
            hostile.encode(new EnumMap<>(Map.of(CanaryEnum.ONE, 1))),
            hostile.encode(new EnumMap<>(CanaryEnum.class)));
    for (byte[] frame : frames) {
      assertThatThrownBy(() -> parent.decode(frame)).isInstanceOf(UndecodableException.class);
    }
    assertThatThrownBy(() -> parent.decode(frames.get(0)))
        .hasMessageContaining("The class " + Canary.class.getName() + " is not accepted")
        .hasMessageContaining("Add it to " + SETTING);
    assertThat(loader.asked).noneMatch(name -> name.contains("Canary"));
  }

  @Test
  void exceptionThatIsNotAcceptedArrivesAsItsText() {
    Outcome<?> outcome =
        (Outcome<?>)
            answer(parent(), Outcome.failure(new IOException("disk", new CanaryException("why"))));
    assertThat(outcome.failure()).isInstanceOf(IOException.class).hasMessage("disk");
    assertThat(outcome.failure().getCause())
        .isInstanceOfSatisfying(
            RemoteTaskException.class,
            e -> {
              assertThat(e.remoteType()).isEqualTo(CanaryException.class.getName());
              assertThat(e.remoteText()).contains("why").contains("at " + getClass().getName());
            });
    assertThat(loader.asked).noneMatch(name -> name.contains("Canary"));
  }

  @Test
  void exceptionsOfTheJdkKeepTheirClass() {
    for (Throwable thrown :
        List.of(
            new Exception("e"),
            new OutOfMemoryError("o"),
            new SQLException("s", "state", 7),
            new java.nio.file.NoSuchFileException("f"),
            new java.util.concurrent.TimeoutException("t"),
            new java.time.format.DateTimeParseException("d", "text", 1))) {
      assertThat(answer(parent(), thrown)).isInstanceOf(thrown.getClass());
    }
  }

  @Test
  void whatWasSentComesBackAndSoDoWhatLiesBesideIt() {
    TaskCodec parent = parent();
    byte[] answer = hostile.encode(List.of(new Samples.Point(1, 2), new Samples.Positive(3)));
    assertThatThrownBy(() -> parent.decode(answer)).isInstanceOf(UndecodableException.class);
    parent.encode(new Samples.Point(3, 4));
    assertThat(parent.decode(answer))
        .isEqualTo(List.of(new Samples.Point(1, 2), new Samples.Positive(3)));
    assertThatThrownBy(() -> answer(parent, HostAndPort.fromString("a:1")))
        .hasMessageContaining("HostAndPort");
  }

  @Test
  void classThatMadeTheLambdaCounts() {
    TaskCodec parent = parent();
    Task<Integer> task = () -> 5;
    parent.encode(task);
    assertThat(answer(parent, new Samples.Point(1, 2))).isEqualTo(new Samples.Point(1, 2));
  }

  @Test
  void classesOfFinalFieldsAndArraysCount() {
    TaskCodec parent = parent();
    parent.encode(new HostAndPort[0]);
    assertThat(answer(parent, HostAndPort.fromString("a:1")).toString()).isEqualTo("a:1");
  }

  @Test
  void sendingWhatInterlockIsMadeOfPermitsNothing() {
    TaskCodec parent = parent();
    parent.encode(dev.interlock.Deadline.after(java.time.Duration.ZERO));
    byte[] answer = hostile.encode(dev.interlock.Capability.PARALLELISM);
    assertThatThrownBy(() -> parent.decode(answer)).hasMessageContaining("Capability");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.google.common.net.HostAndPort",
        "com.google.common.net.*",
        "com.google.**",
        "**"
      })
  void settingPermits(String pattern) {
    Object back = answer(parent(pattern), HostAndPort.fromString("a:1"));
    assertThat(back).isEqualTo(HostAndPort.fromString("a:1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"com.google.*", "com.google.common.net.Host", "com.goo.**", "HostAndPort"})
  void settingPermitsNoMoreThanItSays(String pattern) {
    TaskCodec parent = parent(pattern);
    byte[] answer = hostile.encode(HostAndPort.fromString("a:1"));
    assertThatThrownBy(() -> parent.decode(answer)).isInstanceOf(UndecodableException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "com.*.x", "com/example", "***", "a b"})
  void patternThatIsNone(String pattern) {
    assertThatThrownBy(() -> parent(pattern)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesThatAreNoneAreNotLookedFor() {
    ResultClasses classes = new ResultClasses(loader, SETTING, List.of(), List.of());
    classes.sent(Samples.Point.class.getName());
    assertThat(classes.admits(Samples.Positive.class.getName())).isTrue();
    for (String name :
        List.of("", ".", "a..b", "../x", "a/b", "a\\b", "file:/a", "x".repeat(5_000), "[La;")) {
      assertThat(classes.admits(name)).as(name).isFalse();
    }
  }

  @Test
  void aFloodOfNamesEndsTheSearch() {
    ResultClasses classes = new ResultClasses(loader, SETTING, List.of(), List.of());
    classes.sent(Samples.Point.class.getName());
    assertThat(classes.admits(Samples.Positive.class.getName())).isTrue();
    for (int i = 0; i < 5_000; i++) {
      assertThat(classes.admits("no.such.Class" + i)).isFalse();
    }
    assertThat(classes.admits(Samples.Positive.class.getName())).as("known before").isTrue();
    assertThat(classes.admits(Samples.Shouting.class.getName())).as("not looked for").isFalse();
  }

  private static final Task<Integer> LAMBDA = () -> 1;

  @Test
  void lambdasAndJavaSerializationAreNoResults() {
    for (String[] patterns : List.of(new String[] {}, new String[] {"dev.**", "java.**"})) {
      TaskCodec parent = parent(patterns);
      parent.encode(LAMBDA);
      for (Object refused :
          List.of(
              LAMBDA,
              new Samples.External("e"),
              new Samples.SelfWritten("s"),
              Comparator.comparing(
                  (java.util.function.Function<Object, String> & java.io.Serializable)
                      Object::toString))) {
        byte[] answer = hostile.encode(List.of(refused));
        assertThatThrownBy(() -> parent.decode(answer))
            .isInstanceOf(UndecodableException.class)
            .hasMessageContaining("is not accepted in a result")
            .hasMessageContaining(SETTING + " = [\"**\"]");
      }
    }
  }

  @Test
  void honestChildSaysWhatIsWrongWithItsResult() {
    TaskCodec child = TaskCodec.distrusted(getClass().getClassLoader(), SETTING);
    assertThatThrownBy(() -> child.encodeDataOnly(new Samples.Pair<>(1, LAMBDA)))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("Samples.Pair.second: lambda of " + getClass().getName())
        .hasMessageContaining(SETTING);
    assertThatThrownBy(() -> child.encodeDataOnly(List.of(new Samples.External("e"))))
        .hasMessageContaining("[0]: " + Samples.External.class.getTypeName())
        .hasMessageContaining("Java serialization");
    assertThat(parent().decode(child.encodeDataOnly(new SQLException("s"))))
        .isInstanceOf(SQLException.class);
    Task<Integer> back = decoded(child, hostile.encode(LAMBDA));
    assertThat(back).as("tasks come from the parent").isNotNull();
  }

  @SuppressWarnings("unchecked")
  private static Task<Integer> decoded(TaskCodec codec, byte[] frame) {
    return (Task<Integer>) codec.decode(frame);
  }
}
