// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.serializers.DefaultSerializers;
import com.esotericsoftware.kryo.kryo5.serializers.OptionalSerializers;
import com.esotericsoftware.kryo.kryo5.serializers.TimeSerializers;
import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
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
import java.util.AbstractMap;
import java.util.BitSet;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;

/**
 * The values and collections that cross as a number instead of a name. Apart from {@link
 * WellKnownClasses}, because loading all these takes longer than a first task, and many a child
 * meets none of them.
 */
final class WellKnownValues {
  private WellKnownValues() {}

  /** In this order: the numbers follow from it. */
  static void register(CodecKryo kryo) {
    registerValues(kryo);
    registerTimes(kryo);
    JdkCollections.register(kryo);
    kryo.register(EnumSet.class, new EnumCollections.OfSet());
    kryo.register(EnumMap.class, new EnumCollections.OfMap());
    kryo.register(AbstractMap.SimpleEntry.class, new ValueSerializers.OfEntry(false));
    kryo.register(AbstractMap.SimpleImmutableEntry.class, new ValueSerializers.OfEntry(true));
    kryo.register(Optional.class, new ValueSerializers.OfOptional());
    kryo.register(AtomicReference.class, new ValueSerializers.OfAtomicReference());
    kryo.register(ReentrantLock.class, new LockSerializers.OfLock());
    kryo.register(ReentrantReadWriteLock.class, new LockSerializers.OfReadWriteLock());
    kryo.register(ByteBuffer.class, new Buffers.OfDirect());
  }

  private static void registerValues(CodecKryo kryo) {
    kryo.register(BigInteger.class, new DefaultSerializers.BigIntegerSerializer());
    kryo.register(BigDecimal.class, new DefaultSerializers.BigDecimalSerializer());
    kryo.register(Date.class, new DefaultSerializers.DateSerializer());
    kryo.register(Currency.class, new DefaultSerializers.CurrencySerializer());
    kryo.register(StringBuffer.class, new DefaultSerializers.StringBufferSerializer());
    kryo.register(StringBuilder.class, new DefaultSerializers.StringBuilderSerializer());
    kryo.register(Charset.class, new DefaultSerializers.CharsetSerializer());
    kryo.register(URL.class, new GuardedSerializers.OfUrl());
    kryo.register(BitSet.class, new DefaultSerializers.BitSetSerializer());
    kryo.register(UUID.class, new DefaultSerializers.UUIDSerializer());
    kryo.register(URI.class, new DefaultSerializers.URISerializer());
    kryo.register(Pattern.class, new GuardedSerializers.OfPattern());
    kryo.register(AtomicBoolean.class, new DefaultSerializers.AtomicBooleanSerializer());
    kryo.register(AtomicInteger.class, new DefaultSerializers.AtomicIntegerSerializer());
    kryo.register(AtomicLong.class, new DefaultSerializers.AtomicLongSerializer());
    kryo.register(OptionalInt.class, new OptionalSerializers.OptionalIntSerializer());
    kryo.register(OptionalLong.class, new OptionalSerializers.OptionalLongSerializer());
    kryo.register(OptionalDouble.class, new OptionalSerializers.OptionalDoubleSerializer());
    kryo.register(File.class, new ValueSerializers.OfFile());
    kryo.register(Path.class, new ValueSerializers.OfPath());
  }

  private static void registerTimes(CodecKryo kryo) {
    kryo.register(Duration.class, new TimeSerializers.DurationSerializer());
    kryo.register(Instant.class, new TimeSerializers.InstantSerializer());
    kryo.register(LocalDate.class, new TimeSerializers.LocalDateSerializer());
    kryo.register(LocalTime.class, new TimeSerializers.LocalTimeSerializer());
    kryo.register(LocalDateTime.class, new TimeSerializers.LocalDateTimeSerializer());
    kryo.register(ZoneOffset.class, new TimeSerializers.ZoneOffsetSerializer());
    kryo.register(ZoneId.class, new TimeSerializers.ZoneIdSerializer());
    kryo.register(OffsetTime.class, new TimeSerializers.OffsetTimeSerializer());
    kryo.register(OffsetDateTime.class, new TimeSerializers.OffsetDateTimeSerializer());
    kryo.register(ZonedDateTime.class, new ValueSerializers.OfZonedDateTime());
    kryo.register(Year.class, new TimeSerializers.YearSerializer());
    kryo.register(YearMonth.class, new TimeSerializers.YearMonthSerializer());
    kryo.register(MonthDay.class, new TimeSerializers.MonthDaySerializer());
    kryo.register(Period.class, new TimeSerializers.PeriodSerializer());
  }
}
