// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The wrappers of {@code Collections.unmodifiable...}, around a copy. What they wrap cannot be
 * seen; the copy keeps order and comparator.
 */
@SuppressWarnings({"unchecked", "JdkObsolete"}) // What was in them goes back into them.
final class UnmodifiableCollections {
  private UnmodifiableCollections() {}

  static void register(CodecKryo kryo) {
    JdkCollections.immutable(
        kryo,
        Collections.unmodifiableCollection(new ArrayList<>()).getClass(),
        elements -> Collections.unmodifiableCollection(Arrays.asList(elements)));
    JdkCollections.immutable(
        kryo,
        Collections.unmodifiableList(new ArrayList<>()).getClass(),
        elements -> Collections.unmodifiableList(Arrays.asList(elements)));
    JdkCollections.immutable(
        kryo,
        Collections.unmodifiableList(new LinkedList<>()).getClass(),
        elements -> Collections.unmodifiableList(new LinkedList<>(Arrays.asList(elements))));
    JdkCollections.immutable(
        kryo,
        Collections.unmodifiableSet(new LinkedHashSet<>()).getClass(),
        elements -> Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(elements))));
    JdkCollections.immutableMap(
        kryo,
        Collections.unmodifiableMap(new LinkedHashMap<>()).getClass(),
        Collections::unmodifiableMap);
    kryo.register(
        Collections.unmodifiableSortedSet(new TreeSet<>()).getClass(),
        new OfSortedSet(set -> Collections.unmodifiableSortedSet(set)));
    kryo.register(
        Collections.unmodifiableNavigableSet(new TreeSet<>()).getClass(),
        new OfSortedSet(set -> Collections.unmodifiableNavigableSet(set)));
    kryo.register(
        Collections.unmodifiableSortedMap(new TreeMap<>()).getClass(),
        new OfSortedMap(map -> Collections.unmodifiableSortedMap(map)));
    kryo.register(
        Collections.unmodifiableNavigableMap(new TreeMap<>()).getClass(),
        new OfSortedMap(map -> Collections.unmodifiableNavigableMap(map)));
  }

  private interface SetWrapper {
    SortedSet<@Nullable Object> wrap(NavigableSet<@Nullable Object> set);
  }

  private interface MapWrapper {
    SortedMap<@Nullable Object, @Nullable Object> wrap(
        NavigableMap<@Nullable Object, @Nullable Object> map);
  }

  private static final class OfSortedSet extends Serializer<SortedSet<@Nullable Object>> {
    private final SetWrapper wrapper;

    OfSortedSet(SetWrapper wrapper) {
      this.wrapper = wrapper;
    }

    @Override
    public void write(Kryo kryo, Output output, SortedSet<@Nullable Object> set) {
      CodecKryo codecKryo = (CodecKryo) kryo;
      codecKryo.beginUnfinished(set);
      ComparatorPart.write(kryo, output, set.comparator());
      CollectionSerializer.writeElements(kryo, output, set.toArray());
      codecKryo.endUnfinished();
    }

    @Override
    public SortedSet<@Nullable Object> read(
        Kryo kryo, Input input, Class<? extends SortedSet<@Nullable Object>> type) {
      Comparator<Object> comparator = ComparatorPart.read(kryo, input);
      NavigableSet<@Nullable Object> set =
          (NavigableSet<@Nullable Object>) (Collection<?>) new TreeSet<>(comparator);
      Collections.addAll(set, CollectionSerializer.readElements(kryo, input));
      return wrapper.wrap(set);
    }
  }

  private static final class OfSortedMap
      extends Serializer<SortedMap<@Nullable Object, @Nullable Object>> {
    private final MapWrapper wrapper;

    OfSortedMap(MapWrapper wrapper) {
      this.wrapper = wrapper;
    }

    @Override
    public void write(Kryo kryo, Output output, SortedMap<@Nullable Object, @Nullable Object> map) {
      CodecKryo codecKryo = (CodecKryo) kryo;
      codecKryo.beginUnfinished(map);
      ComparatorPart.write(kryo, output, map.comparator());
      List<@Nullable Object> entries = MapSerializer.snapshot(map);
      output.writeVarInt(entries.size() / 2, true);
      MapSerializer.writeEntries(kryo, output, entries);
      codecKryo.endUnfinished();
    }

    @Override
    public SortedMap<@Nullable Object, @Nullable Object> read(
        Kryo kryo,
        Input input,
        Class<? extends SortedMap<@Nullable Object, @Nullable Object>> type) {
      NavigableMap<@Nullable Object, @Nullable Object> map =
          (NavigableMap<@Nullable Object, @Nullable Object>)
              (Map<?, ?>) new TreeMap<>(ComparatorPart.read(kryo, input));
      MapSerializer.readEntries(kryo, input, map, ((FrameInput) input).readLength(2));
      return wrapper.wrap(map);
    }
  }
}
