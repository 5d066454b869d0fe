// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.math.MathContext;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * JDK classes with closed fields that are rare enough to be named, and common enough in results not
 * to need Java serialization. By name, so that none is loaded before it is met.
 */
@SuppressWarnings("JavaUtilDate") // Old classes cross too.
final class JdkForms {

  private static final Map<String, Supplier<Serializer<?>>> BY_NAME = new HashMap<>();

  static {
    BY_NAME.put("java.util.Locale", OfLocale::new);
    BY_NAME.put("sun.util.calendar.ZoneInfo", OfZoneInfo::new);
    BY_NAME.put("java.util.GregorianCalendar", JdkForms::calendar);
    BY_NAME.put("java.util.Properties", JdkForms::properties);
    BY_NAME.put("java.net.Inet4Address", JdkForms::address);
    BY_NAME.put("java.net.Inet6Address", JdkForms::address);
    BY_NAME.put("java.net.InetSocketAddress", JdkForms::socketAddress);
    BY_NAME.put("java.math.MathContext", JdkForms::mathContext);
    BY_NAME.put("java.sql.Date", SqlForms::date);
    BY_NAME.put("java.sql.Time", SqlForms::time);
    BY_NAME.put("java.sql.Timestamp", SqlForms::timestamp);
    BY_NAME.put(
        "java.util.Collections$ReverseComparator",
        () -> JdkForm.constant(Collections.reverseOrder()));
    BY_NAME.put(
        "java.lang.String$CaseInsensitiveComparator",
        () -> JdkForm.constant(String.CASE_INSENSITIVE_ORDER));
    BY_NAME.put("java.util.IntSummaryStatistics", JdkStateForms::intStatistics);
    BY_NAME.put("java.util.LongSummaryStatistics", JdkStateForms::longStatistics);
    BY_NAME.put("java.util.DoubleSummaryStatistics", JdkStateForms::doubleStatistics);
    BY_NAME.put("java.util.concurrent.LinkedBlockingQueue", JdkStateForms::blockingQueue);
    BY_NAME.put("java.util.concurrent.LinkedBlockingDeque", JdkStateForms::blockingDeque);
    BY_NAME.put("java.util.concurrent.atomic.LongAdder", JdkStateForms::longAdder);
    BY_NAME.put("java.util.concurrent.atomic.DoubleAdder", JdkStateForms::doubleAdder);
    BY_NAME.put("java.util.concurrent.atomic.AtomicIntegerArray", JdkStateForms::atomicInts);
    BY_NAME.put("java.util.concurrent.atomic.AtomicLongArray", JdkStateForms::atomicLongs);
    BY_NAME.put(
        "java.util.concurrent.atomic.AtomicReferenceArray", JdkStateForms::atomicReferences);
  }

  private JdkForms() {}

  /** The form of a class, or null if it has none here. */
  static @Nullable Serializer<?> of(Class<?> type) {
    Supplier<Serializer<?>> form = BY_NAME.get(type.getName());
    return form == null ? null : form.get();
  }

  /** By its tag where that says all, which it does for all but odd ones. */
  private static final class OfLocale extends Serializer<Locale> {
    private final JavaSerializer odd = new JavaSerializer();

    @Override
    public void write(Kryo kryo, Output output, Locale locale) {
      String tag = locale.toLanguageTag();
      boolean told = Locale.forLanguageTag(tag).equals(locale);
      output.writeBoolean(told);
      if (told) {
        output.writeString(tag);
      } else {
        odd.write(kryo, output, locale);
      }
    }

    @Override
    public Locale read(Kryo kryo, Input input, Class<? extends Locale> type) {
      return input.readBoolean()
          ? Locale.forLanguageTag(ValueSerializers.text(input))
          : (Locale) odd.read(kryo, input, type);
    }
  }

  /** By its id, unless its rules are not those of the id. */
  private static final class OfZoneInfo extends Serializer<TimeZone> {
    private final JavaSerializer odd = new JavaSerializer();

    @Override
    public void write(Kryo kryo, Output output, TimeZone zone) {
      boolean told = TimeZone.getTimeZone(zone.getID()).equals(zone);
      output.writeBoolean(told);
      if (told) {
        output.writeString(zone.getID());
      } else {
        odd.write(kryo, output, zone);
      }
    }

    @Override
    public TimeZone read(Kryo kryo, Input input, Class<? extends TimeZone> type) {
      return input.readBoolean()
          ? TimeZone.getTimeZone(ValueSerializers.text(input))
          : (TimeZone) odd.read(kryo, input, type);
    }
  }

  private static Serializer<?> calendar() {
    return new JdkForm<GregorianCalendar>(
        (kryo, output, calendar) -> {
          output.writeLong(calendar.getTimeInMillis());
          output.writeLong(calendar.getGregorianChange().getTime());
          output.writeBoolean(calendar.isLenient());
          output.writeByte(calendar.getFirstDayOfWeek());
          output.writeByte(calendar.getMinimalDaysInFirstWeek());
          kryo.writeClassAndObject(output, calendar.getTimeZone());
        },
        (kryo, input) -> {
          long millis = input.readLong();
          Date change = new Date(input.readLong());
          GregorianCalendar calendar = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
          calendar.setGregorianChange(change);
          calendar.setLenient(input.readBoolean());
          calendar.setFirstDayOfWeek(input.readByte());
          calendar.setMinimalDaysInFirstWeek(input.readByte());
          kryo.reference(calendar);
          if (kryo.readClassAndObject(input) instanceof TimeZone zone) {
            calendar.setTimeZone(zone);
          }
          calendar.setTimeInMillis(millis);
          return calendar;
        });
  }

  /** Its defaults arrive as one level. */
  private static Serializer<?> properties() {
    return new JdkForm<Properties>(
        (kryo, output, properties) -> {
          HashMap<Object, Object> own = new HashMap<>(properties);
          HashMap<Object, Object> defaults = new HashMap<>();
          for (String name : properties.stringPropertyNames()) {
            if (!own.containsKey(name)) {
              defaults.put(name, properties.getProperty(name));
            }
          }
          MapSerializer.writeAll(kryo, output, defaults);
          MapSerializer.writeAll(kryo, output, own);
        },
        (kryo, input) -> {
          Properties defaults = new Properties();
          Properties properties = new Properties(defaults);
          kryo.reference(properties);
          MapSerializer.readEntries(kryo, input, defaults, input.readLength(2));
          MapSerializer.readEntries(kryo, input, properties, input.readLength(2));
          return properties;
        });
  }

  /** Never by a name alone: nothing is looked up. */
  private static Serializer<?> address() {
    return new JdkForm<InetAddress>(
        (kryo, output, address) -> {
          String text = address.toString(); // host/literal; getHostName would ask the name service
          int slash = text.indexOf('/');
          output.writeString(slash > 0 ? text.substring(0, slash) : null);
          byte[] bytes = address.getAddress();
          output.writeByte(bytes.length);
          output.writeBytes(bytes);
          output.writeVarInt(address instanceof Inet6Address six ? six.getScopeId() : 0, true);
        },
        (kryo, input) -> {
          String host = input.readString();
          byte[] bytes = input.readBytes(input.readByte());
          int scope = input.readVarInt(true);
          try {
            return scope == 0
                ? InetAddress.getByAddress(host, bytes)
                : Inet6Address.getByAddress(host, bytes, scope);
          } catch (UnknownHostException e) {
            throw new KryoException("An address of " + bytes.length + " bytes", e);
          }
        });
  }

  private static Serializer<?> socketAddress() {
    return new JdkForm<InetSocketAddress>(
        (kryo, output, address) -> {
          output.writeVarInt(address.getPort(), true);
          output.writeString(address.isUnresolved() ? address.getHostString() : null);
          kryo.writeClassAndObject(output, address.getAddress());
        },
        (kryo, input) -> {
          int port = input.readVarInt(true);
          String host = input.readString();
          Object address = kryo.readClassAndObject(input);
          return host == null
              ? new InetSocketAddress((InetAddress) address, port)
              : InetSocketAddress.createUnresolved(host, port);
        });
  }

  private static Serializer<?> mathContext() {
    return new JdkForm<MathContext>(
        (kryo, output, context) -> output.writeString(context.toString()),
        (kryo, input) -> new MathContext(ValueSerializers.text(input)));
  }

  /** Apart, because a run-time image may lack the module java.sql. */
  private static final class SqlForms {
    static Serializer<?> date() {
      return new JdkForm<java.sql.Date>(
          (kryo, output, date) -> output.writeLong(date.getTime()),
          (kryo, input) -> new java.sql.Date(input.readLong()));
    }

    static Serializer<?> time() {
      return new JdkForm<java.sql.Time>(
          (kryo, output, time) -> output.writeLong(time.getTime()),
          (kryo, input) -> new java.sql.Time(input.readLong()));
    }

    static Serializer<?> timestamp() {
      return new JdkForm<java.sql.Timestamp>(
          (kryo, output, stamp) -> {
            output.writeLong(stamp.getTime());
            output.writeInt(stamp.getNanos());
          },
          (kryo, input) -> {
            java.sql.Timestamp stamp = new java.sql.Timestamp(input.readLong());
            stamp.setNanos(input.readInt());
            return stamp;
          });
    }
  }
}
