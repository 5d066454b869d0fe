// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.io.File;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.AbstractMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** JDK classes that hold one or two values and whose fields are closed. */
final class ValueSerializers {
  private ValueSerializers() {}

  /** A class crosses as its name: it is not the reader's business to load its serializer. */
  static final class OfClass extends Serializer<Class<?>> {
    @Override
    public void write(Kryo kryo, Output output, Class<?> type) {
      if (type.isHidden()) {
        throw new EncodeRefusal(
            "the class " + type.getName(), "It exists in this JVM only and has no name.", null);
      }
      writeName(output, type);
    }

    @Override
    public Class<?> read(Kryo kryo, Input input, Class<? extends Class<?>> type) {
      return readName(kryo, input);
    }

    static void writeName(Output output, Class<?> type) {
      output.writeString(type.getName());
    }

    static Class<?> readName(Kryo kryo, Input input) {
      return ((CodecKryo) kryo).names().resolve(text(input));
    }
  }

  /** Kryo's own forgets which of the two hours is meant when the clock is put back. */
  static final class OfZonedDateTime extends Serializer<ZonedDateTime> {
    @Override
    public void write(Kryo kryo, Output output, ZonedDateTime value) {
      output.writeLong(value.toLocalDate().toEpochDay());
      output.writeLong(value.toLocalTime().toNanoOfDay());
      output.writeInt(value.getOffset().getTotalSeconds());
      output.writeString(value.getZone().getId());
    }

    @Override
    public ZonedDateTime read(Kryo kryo, Input input, Class<? extends ZonedDateTime> type) {
      LocalDate date = LocalDate.ofEpochDay(input.readLong());
      LocalTime time = LocalTime.ofNanoOfDay(input.readLong());
      ZoneOffset offset = ZoneOffset.ofTotalSeconds(input.readInt());
      return ZonedDateTime.ofLocal(LocalDateTime.of(date, time), ZoneId.of(text(input)), offset);
    }
  }

  static final class OfFile extends Serializer<File> {
    @Override
    public void write(Kryo kryo, Output output, File file) {
      output.writeString(file.getPath());
    }

    @Override
    public File read(Kryo kryo, Input input, Class<? extends File> type) {
      return new File(text(input));
    }
  }

  static final class OfPath extends Serializer<Path> {
    @Override
    public void write(Kryo kryo, Output output, Path path) {
      if (path.getFileSystem() != FileSystems.getDefault()) {
        throw new EncodeRefusal(
            TypeNames.of(path),
            "It belongs to a file system that is open here only: pass its URI, or copy the file.",
            null);
      }
      output.writeString(path.toString());
    }

    @Override
    public Path read(Kryo kryo, Input input, Class<? extends Path> type) {
      return Path.of(text(input));
    }
  }

  static final class OfOptional extends Serializer<Optional<?>> {
    @Override
    public void write(Kryo kryo, Output output, Optional<?> optional) {
      CodecKryo codecKryo = (CodecKryo) kryo;
      codecKryo.beginUnfinished(optional);
      writePart(kryo, output, ".value", optional.orElse(null));
      codecKryo.endUnfinished();
    }

    @Override
    public Optional<?> read(Kryo kryo, Input input, Class<? extends Optional<?>> type) {
      return Optional.ofNullable(kryo.readClassAndObject(input));
    }
  }

  static final class OfAtomicReference extends Serializer<AtomicReference<@Nullable Object>> {
    @Override
    public void write(Kryo kryo, Output output, AtomicReference<@Nullable Object> reference) {
      writePart(kryo, output, ".value", reference.get());
    }

    @Override
    public AtomicReference<@Nullable Object> read(
        Kryo kryo, Input input, Class<? extends AtomicReference<@Nullable Object>> type) {
      AtomicReference<@Nullable Object> reference = new AtomicReference<>();
      kryo.reference(reference);
      reference.set(kryo.readClassAndObject(input));
      return reference;
    }
  }

  /** Map entries of any JDK class: those of a map arrive detached from it. */
  static final class OfEntry extends Serializer<Map.Entry<@Nullable Object, @Nullable Object>> {
    private final boolean immutable;

    OfEntry(boolean immutable) {
      this.immutable = immutable;
    }

    @Override
    public void write(
        Kryo kryo, Output output, Map.Entry<@Nullable Object, @Nullable Object> entry) {
      CodecKryo codecKryo = (CodecKryo) kryo;
      codecKryo.beginUnfinished(entry);
      writePart(kryo, output, ".key", entry.getKey());
      writePart(kryo, output, ".value", entry.getValue());
      codecKryo.endUnfinished();
    }

    @Override
    public Map.Entry<@Nullable Object, @Nullable Object> read(
        Kryo kryo,
        Input input,
        Class<? extends Map.Entry<@Nullable Object, @Nullable Object>> type) {
      Object key = kryo.readClassAndObject(input);
      Object value = kryo.readClassAndObject(input);
      return immutable
          ? new AbstractMap.SimpleImmutableEntry<>(key, value)
          : new AbstractMap.SimpleEntry<>(key, value);
    }
  }

  private static void writePart(Kryo kryo, Output output, String segment, @Nullable Object value) {
    try {
      kryo.writeClassAndObject(output, value);
    } catch (RuntimeException e) {
      throw EncodeRefusal.at(segment, value, e);
    }
  }

  static String text(Input input) {
    String text = input.readString();
    if (text == null) {
      throw new KryoException("A name is missing");
    }
    return text;
  }
}
