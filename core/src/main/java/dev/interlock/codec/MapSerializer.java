// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A map that can be filled once it exists: it may contain itself. */
@SuppressWarnings("unchecked") // What was in the map goes back into it.
class MapSerializer extends Serializer<Map<@Nullable Object, @Nullable Object>> {
  private final IntFunction<? extends Map<?, ?>> maker;

  /**
   * @param maker makes an empty map; told the number of entries to come
   */
  MapSerializer(IntFunction<? extends Map<?, ?>> maker) {
    this.maker = maker;
  }

  static MapSerializer by(Constructor<?> constructor) {
    return new MapSerializer(
        size -> {
          Map<?, ?> made = (Map<?, ?>) Instantiators.newInstance(constructor);
          made.clear(); // An anonymous subclass may have filled it.
          return made;
        });
  }

  @Override
  public void write(Kryo kryo, Output output, Map<@Nullable Object, @Nullable Object> map) {
    List<@Nullable Object> entries = snapshot(map);
    output.writeVarInt(entries.size() / 2, true);
    writeHeader(kryo, output, map);
    writeEntries(kryo, output, entries);
  }

  @Override
  public Map<@Nullable Object, @Nullable Object> read(
      Kryo kryo, Input input, Class<? extends Map<@Nullable Object, @Nullable Object>> type) {
    int size = ((FrameInput) input).readLength(2);
    Map<@Nullable Object, @Nullable Object> map = make(kryo, input, size);
    kryo.reference(map);
    readEntries(kryo, input, map, size);
    return map;
  }

  void writeHeader(Kryo kryo, Output output, Map<@Nullable Object, @Nullable Object> map) {}

  Map<@Nullable Object, @Nullable Object> make(Kryo kryo, Input input, int size) {
    return (Map<@Nullable Object, @Nullable Object>) maker.apply(size);
  }

  /**
   * Keys and values by turns, so that a map that changes meanwhile cannot spoil the frame. By
   * {@code toArray}, because a synchronized map holds its lock during it.
   */
  static List<@Nullable Object> snapshot(Map<?, ?> map) {
    Object[] current = map.entrySet().toArray();
    List<@Nullable Object> entries = new ArrayList<>(2 * current.length);
    for (Object one : current) {
      Map.Entry<?, ?> entry = (Map.Entry<?, ?>) one;
      entries.add(entry.getKey());
      entries.add(entry.getValue());
    }
    return entries;
  }

  static void writeEntries(Kryo kryo, Output output, List<@Nullable Object> entries) {
    for (int i = 0; i < entries.size(); i += 2) {
      Object key = entries.get(i);
      try {
        kryo.writeClassAndObject(output, key);
      } catch (RuntimeException e) {
        throw EncodeRefusal.at(".key", key, e);
      }
      Object value = entries.get(i + 1);
      try {
        kryo.writeClassAndObject(output, value);
      } catch (RuntimeException e) {
        throw EncodeRefusal.at("{" + printed(key) + "}", value, e);
      }
    }
  }

  /** What {@link #readEntries} reads, behind the number of entries. */
  static void writeAll(Kryo kryo, Output output, Map<?, ?> map) {
    List<@Nullable Object> entries = snapshot(map);
    output.writeVarInt(entries.size() / 2, true);
    writeEntries(kryo, output, entries);
  }

  static void readEntries(
      Kryo kryo, Input input, Map<@Nullable Object, @Nullable Object> map, int size) {
    for (int i = 0; i < size; i++) {
      Object key = kryo.readClassAndObject(input);
      ((CodecKryo) kryo).hashesLast();
      map.put(key, kryo.readClassAndObject(input));
    }
  }

  /** A key as the path shows it: only what prints briefly and safely. */
  private static String printed(@Nullable Object key) {
    return key instanceof CharSequence
            || key instanceof Number
            || key instanceof Enum<?>
            || key instanceof Boolean
            || key instanceof Character
        ? key.toString()
        : TypeNames.of(key);
  }

  /** A map with a comparator, written after the size. */
  static final class Sorted extends MapSerializer {
    private final Function<@Nullable Comparator<Object>, Map<?, ?>> sortedMaker;

    Sorted(Function<@Nullable Comparator<Object>, Map<?, ?>> sortedMaker) {
      super(
          size -> {
            throw new KryoException("A sorted map needs its comparator");
          });
      this.sortedMaker = sortedMaker;
    }

    @Override
    void writeHeader(Kryo kryo, Output output, Map<@Nullable Object, @Nullable Object> map) {
      ComparatorPart.write(kryo, output, ((SortedMap<?, ?>) map).comparator());
    }

    @Override
    Map<@Nullable Object, @Nullable Object> make(Kryo kryo, Input input, int size) {
      return (Map<@Nullable Object, @Nullable Object>)
          sortedMaker.apply(ComparatorPart.read(kryo, input));
    }
  }

  /** A map that is made of all its entries at once. */
  static final class Immutable extends Serializer<Map<@Nullable Object, @Nullable Object>> {
    private final Function<Map<Object, Object>, Map<?, ?>> maker;

    Immutable(Function<Map<Object, Object>, Map<?, ?>> maker) {
      this.maker = maker;
    }

    @Override
    public void write(Kryo kryo, Output output, Map<@Nullable Object, @Nullable Object> map) {
      CodecKryo codecKryo = (CodecKryo) kryo;
      codecKryo.beginUnfinished(map);
      List<@Nullable Object> entries = snapshot(map);
      output.writeVarInt(entries.size() / 2, true);
      writeEntries(kryo, output, entries);
      codecKryo.endUnfinished();
    }

    @Override
    public Map<@Nullable Object, @Nullable Object> read(
        Kryo kryo, Input input, Class<? extends Map<@Nullable Object, @Nullable Object>> type) {
      int size = ((FrameInput) input).readLength(2);
      Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
      readEntries(kryo, input, entries, size);
      return (Map<@Nullable Object, @Nullable Object>)
          maker.apply((Map<Object, Object>) (Map<?, ?>) entries);
    }
  }
}
