// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static dev.interlock.codec.CodecCase.equal;
import static dev.interlock.codec.CodecCase.stated;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.JapaneseDate;
import java.util.BitSet;
import java.util.Currency;
import java.util.Date;
import java.util.DoubleSummaryStatistics;
import java.util.GregorianCalendar;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.SimpleTimeZone;
import java.util.TimeZone;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** What has a value and no parts of its own. */
@SuppressWarnings({
  "JavaUtilDate",
  "JdkObsolete",
  "UnnecessaryStringBuilder"
}) // Old classes cross too.
final class ValueCases {
  private ValueCases() {}

  static List<CodecCase> all() throws Exception {
    return List.of(
        equal("null", null),
        equal("boolean", true),
        equal("byte", (byte) -5),
        equal("char", 'ü'),
        equal("short", (short) -300),
        equal("int", Integer.MIN_VALUE),
        equal("long", Long.MIN_VALUE),
        equal("float", Float.MIN_VALUE),
        equal("double not a number", Double.NaN),
        equal("double minus zero", -0.0),
        equal("text", "ascii"),
        equal("empty text", ""),
        equal("text of all planes", "größer \u4e2d \uD83D\uDE00 \0"),
        equal("half a surrogate", "\uD83D"),
        equal("long text", "é".repeat(100_000)),
        equal("big integer", BigInteger.TEN.pow(500).negate()),
        equal("big decimal", new BigDecimal("-12345678901234567890.0123456789")),
        equal("big decimal of a large scale", new BigDecimal("1E+2000000000")),
        equal("math context", new MathContext(7, RoundingMode.HALF_EVEN)),
        equal("rounding mode", RoundingMode.UP),
        equal("duration", Duration.ofSeconds(-5, 3)),
        equal("instant", Instant.MAX),
        equal("local date", LocalDate.of(2024, 2, 29)),
        equal("local time", LocalTime.MAX),
        equal("local date-time", LocalDateTime.of(2024, 2, 29, 1, 2, 3, 4)),
        equal(
            "offset date-time", OffsetDateTime.of(2024, 2, 29, 1, 2, 3, 4, ZoneOffset.ofHours(-7))),
        equal("offset time", OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHoursMinutes(5, 30))),
        equal(
            "zoned date-time in the later hour",
            ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 0, ZoneId.of("Europe/Berlin"))
                .withLaterOffsetAtOverlap()),
        equal("zone region", ZoneId.of("America/New_York")),
        equal("zone prefix", ZoneId.of("UTC+2")),
        equal("zone offset", ZoneOffset.ofHoursMinutesSeconds(1, 2, 3)),
        equal("period", Period.of(1, -2, 3)),
        equal("year", Year.of(1999)),
        equal("year-month", YearMonth.of(1999, 12)),
        equal("month-day", MonthDay.of(2, 29)),
        equal("day of week", DayOfWeek.FRIDAY),
        equal("time unit", TimeUnit.DAYS),
        equal("date of another calendar", JapaneseDate.of(2020, 1, 1)).notAsResult(),
        equal("clock", Clock.fixed(Instant.EPOCH, ZoneOffset.UTC)).notAsResult(),
        equal("util date", new Date(-5)),
        equal("sql date", new java.sql.Date(1_234_567)),
        equal("sql time", new java.sql.Time(1_234_567)),
        equal("sql timestamp", timestamp()),
        equal("calendar", new GregorianCalendar(2024, 4, 5)),
        equal("time zone", TimeZone.getTimeZone("Europe/Berlin")),
        equal("simple time zone", new SimpleTimeZone(3_600_000, "own")).notAsResult(),
        equal("uuid", UUID.fromString("01234567-89ab-cdef-0123-456789abcdef")),
        equal("uri", URI.create("http://example.org/a?b#c")),
        equal("url", new URL("file:/a/b")).notAsResult(),
        equal("file", new File("a/b.txt")),
        equal("path", Path.of("a", "b.txt")),
        equal("locale", Locale.forLanguageTag("sr-Latn-RS-x-lvariant-POSIX")),
        equal("charset", StandardCharsets.UTF_16LE),
        equal("currency", Currency.getInstance("EUR")),
        equal("address", InetAddress.getByAddress("somewhere", new byte[] {127, 0, 0, 1})),
        equal("address of version 6", InetAddress.getByAddress(null, new byte[16])),
        equal("socket address", new InetSocketAddress(InetAddress.getByAddress(new byte[4]), 80)),
        equal("unresolved address", InetSocketAddress.createUnresolved("host.invalid", 80)),
        equal("stack trace element", new StackTraceElement("a.B", "m", "B.java", 7)).notAsResult(),
        equal("class", String.class),
        equal("class of a primitive", int.class),
        equal("class of an array", int[][].class),
        equal("optional", Optional.of("x")),
        equal("empty optional", Optional.empty()),
        equal("optional int", OptionalInt.of(3)),
        equal("empty optional double", OptionalDouble.empty()),
        equal("bit set", BitSet.valueOf(new long[] {5, 0, 9})),
        alike("string builder", new StringBuilder("größe")),
        alike("string buffer", new StringBuffer("x")),
        CodecCase.<Pattern>stated(
            "pattern",
            Pattern.compile("a+b", Pattern.MULTILINE),
            back -> {
              assertThat(back.pattern()).isEqualTo("a+b");
              assertThat(back.flags()).isEqualTo(Pattern.MULTILINE);
            }),
        stated(
                "pattern of canonical equivalence",
                Pattern.compile("é", Pattern.CANON_EQ),
                (Pattern back) -> assertThat(back.flags()).isEqualTo(Pattern.CANON_EQ))
            .notAsResult(),
        alike("atomic int", new AtomicInteger(5)),
        alike("atomic long", new AtomicLong(-5)),
        alike("atomic boolean", new AtomicBoolean(true)),
        alike("atomic reference", new AtomicReference<>(List.of(1))),
        alike("atomic ints", new AtomicIntegerArray(new int[] {1, -2})),
        alike("atomic longs", new AtomicLongArray(new long[] {1, -2})),
        alike("atomic references", new AtomicReferenceArray<>(new Object[] {1, null, "x"})),
        alike("long adder", adder()),
        alike("double adder", new DoubleAdder()),
        alike("int statistics", IntStream.of(1, 5).summaryStatistics()),
        alike("no int statistics", new IntSummaryStatistics()),
        alike("long statistics", LongStream.of(1, 5).summaryStatistics()),
        alike("no long statistics", new LongSummaryStatistics()),
        alike("double statistics", DoubleStream.of(1, 5.5).summaryStatistics()),
        alike("no double statistics", new DoubleSummaryStatistics()),
        stated(
                "random numbers go on where they were",
                new Random(42),
                (Random back) -> assertThat(back.nextInt()).isEqualTo(new Random(42).nextInt()))
            .notAsResult());
  }

  private static java.sql.Timestamp timestamp() {
    java.sql.Timestamp stamp = new java.sql.Timestamp(1_234_567);
    stamp.setNanos(123_456_789);
    return stamp;
  }

  private static LongAdder adder() {
    LongAdder adder = new LongAdder();
    adder.add(7);
    return adder;
  }

  /** Classes without equals print what they hold. */
  static CodecCase alike(String name, Object value) {
    return stated(
        name,
        value,
        back -> {
          assertThat(back.getClass()).isEqualTo(value.getClass());
          assertThat(back.toString()).isEqualTo(value.toString());
        });
  }
}
