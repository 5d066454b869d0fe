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
import java.util.DoubleSummaryStatistics;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Properties;
import java.util.TimeZone;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * JDK classes with closed fields that are rare enough to be named, and common enough in results not
 * to need Java serialization. By name, so that none is loaded before it is met.
 */
@SuppressWarnings("JavaUtilDate") // Old classes cross too.
final class JdkForms {

  private interface Writing<T> {
    void write(Kryo kryo, Output output, T value);
  }

  private interface Reading<T> {
    T read(Kryo kryo, FrameInput input);
  }

  private static final class Form<T> extends Serializer<T> {
    private final Writing<T> writing;
    private final Reading<T> reading;

    Form(Writing<T> writing, Reading<T> reading) {
      this.writing = writing;
      this.reading = reading;
    }

    @Override
    public void write(Kryo kryo, Output output, T value) {
      writing.write(kryo, output, value);
    }

    @Override
    public T read(Kryo kryo, Input input, Class<? extends T> type) {
      return reading.read(kryo, (FrameInput) input);
    }
  }

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
        "java.util.Collections$ReverseComparator", () -> constant(Collections.reverseOrder()));
    BY_NAME.put(
        "java.lang.String$CaseInsensitiveComparator",
        () -> constant(String.CASE_INSENSITIVE_ORDER));
    BY_NAME.put("java.util.IntSummaryStatistics", JdkForms::intStatistics);
    BY_NAME.put("java.util.LongSummaryStatistics", JdkForms::longStatistics);
    BY_NAME.put("java.util.DoubleSummaryStatistics", JdkForms::doubleStatistics);
    BY_NAME.put("java.util.concurrent.LinkedBlockingQueue", JdkForms::blockingQueue);
    BY_NAME.put("java.util.concurrent.LinkedBlockingDeque", JdkForms::blockingDeque);
    BY_NAME.put("java.util.concurrent.atomic.LongAdder", JdkForms::longAdder);
    BY_NAME.put("java.util.concurrent.atomic.DoubleAdder", JdkForms::doubleAdder);
    BY_NAME.put("java.util.concurrent.atomic.AtomicIntegerArray", JdkForms::atomicInts);
    BY_NAME.put("java.util.concurrent.atomic.AtomicLongArray", JdkForms::atomicLongs);
    BY_NAME.put("java.util.concurrent.atomic.AtomicReferenceArray", JdkForms::atomicReferences);
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
    return new Form<GregorianCalendar>(
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
    return new Form<Properties>(
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
    return new Form<InetAddress>(
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
    return new Form<InetSocketAddress>(
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
    return new Form<MathContext>(
        (kryo, output, context) -> output.writeString(context.toString()),
        (kryo, input) -> new MathContext(ValueSerializers.text(input)));
  }

  private static <T> Serializer<T> constant(T value) {
    return new Form<>((kryo, output, same) -> {}, (kryo, input) -> value);
  }

  private static Serializer<?> intStatistics() {
    return new Form<IntSummaryStatistics>(
        (kryo, output, all) -> {
          output.writeLong(all.getCount());
          output.writeInt(all.getMin());
          output.writeInt(all.getMax());
          output.writeLong(all.getSum());
        },
        (kryo, input) ->
            new IntSummaryStatistics(
                input.readLong(), input.readInt(), input.readInt(), input.readLong()));
  }

  private static Serializer<?> longStatistics() {
    return new Form<LongSummaryStatistics>(
        (kryo, output, all) -> {
          output.writeLong(all.getCount());
          output.writeLong(all.getMin());
          output.writeLong(all.getMax());
          output.writeLong(all.getSum());
        },
        (kryo, input) ->
            new LongSummaryStatistics(
                input.readLong(), input.readLong(), input.readLong(), input.readLong()));
  }

  private static Serializer<?> doubleStatistics() {
    return new Form<DoubleSummaryStatistics>(
        (kryo, output, all) -> {
          output.writeLong(all.getCount());
          output.writeDouble(all.getMin());
          output.writeDouble(all.getMax());
          output.writeDouble(all.getSum());
        },
        (kryo, input) ->
            new DoubleSummaryStatistics(
                input.readLong(), input.readDouble(), input.readDouble(), input.readDouble()));
  }

  private static Serializer<?> blockingQueue() {
    return new Form<LinkedBlockingQueue<@Nullable Object>>(
        (kryo, output, queue) -> {
          Object[] elements = queue.toArray();
          output.writeVarInt(bound(queue.remainingCapacity(), elements.length), true);
          CollectionSerializer.writeElements(kryo, output, elements);
        },
        (kryo, input) -> {
          LinkedBlockingQueue<@Nullable Object> queue =
              new LinkedBlockingQueue<>(input.readVarInt(true));
          kryo.reference(queue);
          Collections.addAll(queue, CollectionSerializer.readElements(kryo, input));
          return queue;
        });
  }

  private static Serializer<?> blockingDeque() {
    return new Form<LinkedBlockingDeque<@Nullable Object>>(
        (kryo, output, queue) -> {
          Object[] elements = queue.toArray();
          output.writeVarInt(bound(queue.remainingCapacity(), elements.length), true);
          CollectionSerializer.writeElements(kryo, output, elements);
        },
        (kryo, input) -> {
          LinkedBlockingDeque<@Nullable Object> queue =
              new LinkedBlockingDeque<>(input.readVarInt(true));
          kryo.reference(queue);
          Collections.addAll(queue, CollectionSerializer.readElements(kryo, input));
          return queue;
        });
  }

  private static int bound(int free, int used) {
    return (int) Math.min(Integer.MAX_VALUE, (long) free + used);
  }

  private static Serializer<?> longAdder() {
    return new Form<LongAdder>(
        (kryo, output, adder) -> output.writeLong(adder.sum()),
        (kryo, input) -> {
          LongAdder adder = new LongAdder();
          adder.add(input.readLong());
          return adder;
        });
  }

  private static Serializer<?> doubleAdder() {
    return new Form<DoubleAdder>(
        (kryo, output, adder) -> output.writeDouble(adder.sum()),
        (kryo, input) -> {
          DoubleAdder adder = new DoubleAdder();
          adder.add(input.readDouble());
          return adder;
        });
  }

  private static Serializer<?> atomicInts() {
    return new Form<AtomicIntegerArray>(
        (kryo, output, array) -> {
          output.writeVarInt(array.length(), true);
          for (int i = 0; i < array.length(); i++) {
            output.writeInt(array.get(i));
          }
        },
        (kryo, input) -> new AtomicIntegerArray(input.readInts(input.readVarInt(true))));
  }

  private static Serializer<?> atomicLongs() {
    return new Form<AtomicLongArray>(
        (kryo, output, array) -> {
          output.writeVarInt(array.length(), true);
          for (int i = 0; i < array.length(); i++) {
            output.writeLong(array.get(i));
          }
        },
        (kryo, input) -> new AtomicLongArray(input.readLongs(input.readVarInt(true))));
  }

  private static Serializer<?> atomicReferences() {
    return new Form<AtomicReferenceArray<@Nullable Object>>(
        (kryo, output, array) -> {
          @Nullable Object[] elements = new @Nullable Object[array.length()];
          for (int i = 0; i < elements.length; i++) {
            elements[i] = array.get(i);
          }
          CollectionSerializer.writeElements(kryo, output, elements);
        },
        (kryo, input) -> {
          AtomicReferenceArray<@Nullable Object> array =
              new AtomicReferenceArray<>(input.readLength(1));
          kryo.reference(array);
          for (int i = 0; i < array.length(); i++) {
            array.set(i, kryo.readClassAndObject(input));
          }
          return array;
        });
  }

  /** Apart, because a run-time image may lack the module java.sql. */
  private static final class SqlForms {
    static Serializer<?> date() {
      return new Form<java.sql.Date>(
          (kryo, output, date) -> output.writeLong(date.getTime()),
          (kryo, input) -> new java.sql.Date(input.readLong()));
    }

    static Serializer<?> time() {
      return new Form<java.sql.Time>(
          (kryo, output, time) -> output.writeLong(time.getTime()),
          (kryo, input) -> new java.sql.Time(input.readLong()));
    }

    static Serializer<?> timestamp() {
      return new Form<java.sql.Timestamp>(
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
