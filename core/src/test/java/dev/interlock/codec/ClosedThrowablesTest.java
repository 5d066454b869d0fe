// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.kryo5.KryoException;
import dev.interlock.RemoteTaskException;
import java.io.InvalidClassException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.HttpRetryException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnmappableCharacterException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.text.NumberFormat;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.DuplicateFormatFlagsException;
import java.util.IllegalFormatWidthException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeMap;
import java.util.UnknownFormatFlagsException;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.presentation.StandardRepresentation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a child that is not trusted says of an exception of the JDK arrives whole. */
class ClosedThrowablesTest {
  private static final String SETTING = "interlock.some.result-classes";

  private final ClassLoader loader = ClosedThrowablesTest.class.getClassLoader();
  private final TaskCodec child = TaskCodec.distrusted(loader, SETTING);
  private final TaskCodec parent = parent(List.of());

  private TaskCodec parent(List<String> patterns) {
    return TaskCodec.distrusting(loader, new ResultClasses(loader, SETTING, patterns, List.of()));
  }

  private <T extends Throwable> T roundTrip(T thrown) {
    return roundTrip(parent, thrown);
  }

  @SuppressWarnings("unchecked")
  private <T extends Throwable> T roundTrip(TaskCodec receiver, T thrown) {
    return (T) Objects.requireNonNull(receiver.decode(child.encodeDataOnly(thrown)));
  }

  private static Throwable thrownBy(Callable<?> body) {
    try {
      body.call();
    } catch (Throwable e) {
      return e;
    }
    throw new AssertionError("nothing thrown");
  }

  /** Not known to be wrong when this is compiled. */
  private static String text(String text) {
    return text.strip();
  }

  private static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, text(format), arguments);
  }

  static Stream<Throwable> throwables() {
    Throwable why = new IllegalStateException("why");
    long[] counts = {1, -3, 1L << 40};
    return Stream.of(
        new SQLException("reason", "08006", 17),
        new SQLException(null, null, 0),
        new SQLTimeoutException("late", "HYT00", 1_013),
        new BatchUpdateException("batch", "22001", 17, new int[] {1, 2}),
        new BatchUpdateException("batch", "22001", 17, counts, why),
        thrownBy(() -> Files.readString(Path.of("/no/such/file"))),
        new NoSuchFileException("a", "b", "reason"),
        new FileSystemException(null, null, "No space left on device"),
        new UserPrincipalNotFoundException("nobody-here"),
        thrownBy(() -> Path.of("a\0b")),
        thrownBy(() -> new URI("http://a b")),
        new URISyntaxException("input", "reason"),
        thrownBy(() -> LocalDate.parse(text("2026-02-30x"))),
        thrownBy(() -> NumberFormat.getInstance(Locale.ROOT).parse("x1")),
        thrownBy(() -> Integer.parseInt("12x")),
        thrownBy(() -> Pattern.compile(text("a(b[c"))),
        thrownBy(() -> ResourceBundle.getBundle("no.such.bundle")),
        thrownBy(() -> new Locale.Builder().setLanguage("not a language")),
        thrownBy(() -> Charset.forName("no-such-charset")),
        thrownBy(() -> Charset.forName("§")),
        thrownBy(
            () ->
                StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(new byte[] {(byte) 255}))),
        new MalformedInputException(3),
        new UnmappableCharacterException(2),
        thrownBy(() -> format("%d", "text")),
        thrownBy(() -> format("%s %s", "one")),
        thrownBy(() -> format("%-d", 1)),
        thrownBy(() -> format("%#d", 1)),
        thrownBy(() -> format("%.2d", 1)),
        thrownBy(() -> format("%-05d", 1)),
        thrownBy(() -> format("%c", 0x7fffffff)),
        thrownBy(() -> format("%y", 1)),
        new IllegalFormatWidthException(-2),
        new DuplicateFormatFlagsException("--"),
        new UnknownFormatFlagsException("!"),
        new HttpRetryException("again", 301, "http://elsewhere"),
        new InvalidClassException("a.B", "no such version"),
        new InvalidClassException("reason alone"),
        new TypeNotPresentException("a.B", new ClassNotFoundException("a.B")),
        new InvocationTargetException(new SQLException("inner", "42000", 3), "message"),
        thrownBy(() -> Integer.class.getMethod("parseInt", String.class).invoke(null, "x")),
        thrownBy(() -> List.of(1).get(5)),
        new RuntimeException("outer", new SQLException("inner", "42000", 3)));
  }

  @ParameterizedTest
  @MethodSource("throwables")
  void allThatCanBeAskedForArrives(Throwable thrown) throws Exception {
    Throwable back = roundTrip(thrown);
    assertThat(back.getClass()).isEqualTo(thrown.getClass());
    assertThat(SafeThrowable.text(back)).isEqualTo(SafeThrowable.text(thrown));
    assertThat(answers(back)).isEqualTo(answers(thrown));
    Throwable again = roundTrip(back);
    assertThat(answers(again)).isEqualTo(answers(thrown));
  }

  /** What its methods say that take no argument; throwables and arrays as text. */
  private static Map<String, String> answers(Throwable thrown) throws Exception {
    Set<String> changing = Set.of("fillInStackTrace", "hashCode", "iterator", "spliterator");
    Map<String, String> answers = new TreeMap<>();
    for (Method method : thrown.getClass().getMethods()) {
      if (method.getParameterCount() == 0
          && method.getReturnType() != void.class
          && !Modifier.isStatic(method.getModifiers())
          && !changing.contains(method.getName())) {
        Object answer = method.invoke(thrown);
        answers.put(
            method.getName(),
            answer instanceof Throwable other
                ? SafeThrowable.text(other)
                : Objects.requireNonNullElse(
                    StandardRepresentation.STANDARD_REPRESENTATION.toStringOf(answer), "null"));
      }
    }
    return answers;
  }

  /** A driver's exception: more fields, and a message that is added to. */
  static class DriverException extends SQLException {
    private static final long serialVersionUID = 1;
    final int line;

    DriverException(String reason, String state, int code, int line) {
      super(reason, state, code);
      this.line = line;
    }

    @Override
    public String getMessage() {
      return super.getMessage() + " at line " + line;
    }
  }

  @Test
  void aSubclassKeepsWhatTheJdkDeclares() {
    TaskCodec admitting = parent(List.of(DriverException.class.getName()));
    DriverException thrown = new DriverException("syntax", "42601", 7, 12);
    thrown.initCause(new IllegalStateException("why"));
    DriverException back = roundTrip(admitting, thrown);
    assertThat((Throwable) back).hasMessage("syntax at line 12").hasRootCauseMessage("why");
    assertThat(back.getSQLState()).isEqualTo("42601");
    assertThat(back.getErrorCode()).isEqualTo(7);
    assertThat(back.line).isEqualTo(12);
    assertThat(roundTrip(parent, (Throwable) thrown)).isInstanceOf(RemoteTaskException.class);
  }

  private static List<String> chainOf(SQLException first) {
    List<String> messages = new ArrayList<>();
    for (SQLException link = first; link != null; link = link.getNextException()) {
      messages.add(link.getMessage() + " " + link.getSQLState());
    }
    return messages;
  }

  @Test
  void theChainOfNextExceptionsArrives() {
    SQLException first = new BatchUpdateException("first", "S1", 1, new int[] {1});
    SQLException second = new SQLException("second", "S2", 2);
    second.setNextException(new SQLTimeoutException("third", "S3", 3));
    first.setNextException(second);
    first.initCause(second);
    SQLException back = roundTrip(first);
    assertThat(chainOf(back)).containsExactly("first S1", "second S2", "third S3");
    assertThat((Throwable) back.getNextException()).isSameAs(back.getCause());
  }

  @Test
  void aLongChainIsCutAndACircleIsNone() {
    SQLException first = new SQLException("0", "S", 0);
    for (int i = 1; i < 5_000; i++) {
      first.setNextException(new SQLException("" + i, "S", i));
    }
    assertThat(chainOf(roundTrip(first))).hasSize(65);
    SQLException one = new SQLException("one", "S", 1);
    SQLException other = new SQLException("other", "S", 2);
    one.setNextException(other);
    other.setNextException(one);
    assertThat(chainOf(roundTrip(one))).containsExactly("one S", "other S");
  }

  /** What a child that was taken over may make of a chain: links that lead back. */
  @Test
  void linksThatLeadBackMakeNoCircle() {
    SQLException one = new SQLException("one");
    SQLException other = new SQLException("other");
    SqlChain.link(one, List.of(other, other, one));
    SqlChain.link(other, List.of(one));
    assertThat(chainOf(one)).containsExactly("one null", "other null");
    SqlChain.link(new SQLException("x"), List.of(new IllegalStateException("no link")));
  }

  /** Its methods are the task's own. */
  static class Sly extends FileSystemException {
    private static final long serialVersionUID = 1;

    Sly() {
      super("a", "b", "reason");
    }

    @Override
    public String getReason() {
      throw new IllegalStateException("getReason");
    }
  }

  @Test
  void oneWhoseMethodsThrowStillArrives() {
    Throwable back = roundTrip(parent(List.of(Sly.class.getName())), (Throwable) new Sly());
    assertThat(back).isInstanceOf(Sly.class);
  }

  @Test
  void argumentsThatTheConstructorDoesNotTakeAreRefused() {
    ClosedThrowables.Form form =
        Objects.requireNonNull(ClosedThrowables.of(SQLTimeoutException.class));
    ThrowableMaker maker = new ThrowableMaker();
    assertThatThrownBy(() -> form.withCause(new Object[] {"reason"}, null))
        .isInstanceOf(KryoException.class)
        .hasMessageContaining("1 arguments");
    assertThatThrownBy(
            () -> maker.make(SQLTimeoutException.class, form, new Object[] {"reason", 5, "state"}))
        .isInstanceOf(RuntimeException.class);
    ClosedThrowables.Form ofUri =
        Objects.requireNonNull(ClosedThrowables.of(URISyntaxException.class));
    assertThatThrownBy(
            () -> maker.make(URISyntaxException.class, ofUri, new Object[] {null, null, -7}))
        .isInstanceOf(KryoException.class);
    assertThat(ClosedThrowables.of(IllegalStateException.class)).isNull();
  }

  @Test
  void aCauseThatTheClassHasNoOtherPlaceForIsNotLost() {
    Exception cause = new IllegalStateException("why");
    InvocationTargetException thrown = new InvocationTargetException(cause);
    thrown.addSuppressed(new IllegalStateException("beside"));
    InvocationTargetException back = roundTrip(thrown);
    assertThat(back.getTargetException()).hasMessage("why");
    assertThat(back.getSuppressed()).hasSize(1);
  }
}
