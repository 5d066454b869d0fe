// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.serializers.DefaultArraySerializers;
import com.esotericsoftware.kryo.kryo5.serializers.DefaultSerializers;
import com.esotericsoftware.kryo.kryo5.serializers.OptionalSerializers;
import com.esotericsoftware.kryo.kryo5.serializers.TimeSerializers;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.Outcomes;
import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.regex.Pattern;

/**
 * The classes that cross as a number instead of a name. The numbers follow from the order here, so
 * both sides must run the same version.
 */
final class WellKnownClasses {
  static final Class<?> IMMUTABLE_LIST = List.of(1, 2, 3).getClass();
  static final Class<?> IMMUTABLE_SET = Set.of(1, 2, 3).getClass();
  static final Class<?> IMMUTABLE_MAP = Map.of(1, 1, 2, 2).getClass();

  private WellKnownClasses() {}

  static void register(CodecKryo kryo) {
    kryo.register(LambdaSerializer.Lambda.class, new LambdaSerializer());
    kryo.register(Throwable.class, new ThrowableSerializer());
    kryo.register(Outcome.class, new OutcomeSerializer());
    kryo.register(Outcomes.class, new OutcomesSerializer());
    kryo.register(Class.class, new ValueSerializers.OfClass());
    registerArrays(kryo);
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
  }

  private static void registerArrays(CodecKryo kryo) {
    kryo.register(byte[].class, new DefaultArraySerializers.ByteArraySerializer());
    kryo.register(char[].class, new DefaultArraySerializers.CharArraySerializer());
    kryo.register(short[].class, new DefaultArraySerializers.ShortArraySerializer());
    kryo.register(int[].class, new DefaultArraySerializers.IntArraySerializer());
    kryo.register(long[].class, new DefaultArraySerializers.LongArraySerializer());
    kryo.register(float[].class, new DefaultArraySerializers.FloatArraySerializer());
    kryo.register(double[].class, new DefaultArraySerializers.DoubleArraySerializer());
    kryo.register(boolean[].class, new ValueSerializers.OfBooleans());
    kryo.register(Object[].class, new ArraySerializer(Object[].class));
    kryo.register(String[].class, new ArraySerializer(String[].class));
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
