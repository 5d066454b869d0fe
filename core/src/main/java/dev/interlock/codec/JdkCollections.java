// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The JDK's collections and maps, and the wrappers that {@link Collections} makes. */
@SuppressWarnings({
  "unchecked",
  "JdkObsolete"
}) // What was in them goes back; LinkedList crosses too.
final class JdkCollections {
  private JdkCollections() {}

  static void register(CodecKryo kryo) {
    registerMutable(kryo);
    registerSorted(kryo);
    registerImmutable(kryo);
    UnmodifiableCollections.register(kryo);
    SynchronizedCollections.register(kryo);
  }

  private static void registerMutable(CodecKryo kryo) {
    kryo.register(ArrayList.class, new CollectionSerializer(ArrayList::new));
    kryo.register(LinkedList.class, new CollectionSerializer(size -> new LinkedList<>()));
    kryo.register(ArrayDeque.class, new CollectionSerializer(ArrayDeque::new));
    kryo.register(HashSet.class, new CollectionSerializer(size -> new HashSet<>(table(size))));
    kryo.register(
        LinkedHashSet.class, new CollectionSerializer(size -> new LinkedHashSet<>(table(size))));
    kryo.register(
        CopyOnWriteArrayList.class,
        new CollectionSerializer.CopyOnWrite(
            size -> new CopyOnWriteArrayList<>(), Integer.MAX_VALUE));
    kryo.register(
        CopyOnWriteArraySet.class,
        new CollectionSerializer.CopyOnWrite(size -> new CopyOnWriteArraySet<>(), 10_000));
    kryo.register(
        ConcurrentLinkedQueue.class,
        new CollectionSerializer(size -> new ConcurrentLinkedQueue<>()));
    kryo.register(
        ConcurrentHashMap.newKeySet().getClass(),
        new CollectionSerializer(ConcurrentHashMap::newKeySet));
    kryo.register(Arrays.asList().getClass(), new AsList());
    kryo.register(HashMap.class, new MapSerializer(size -> new HashMap<>(table(size))));
    kryo.register(LinkedHashMap.class, new MapSerializer(size -> new LinkedHashMap<>(table(size))));
    kryo.register(
        ConcurrentHashMap.class, new MapSerializer(size -> new ConcurrentHashMap<>(size)));
  }

  private static int table(int size) {
    return (int) Math.min(1 << 30, size / 0.75 + 1);
  }

  private static void registerSorted(CodecKryo kryo) {
    kryo.register(
        TreeSet.class, new CollectionSerializer.Sorted(JdkCollections::comparator, TreeSet::new));
    kryo.register(
        ConcurrentSkipListSet.class,
        new CollectionSerializer.Sorted(JdkCollections::comparator, ConcurrentSkipListSet::new));
    kryo.register(
        PriorityQueue.class,
        new CollectionSerializer.Sorted(
            queue -> ((PriorityQueue<?>) queue).comparator(), PriorityQueue::new));
    kryo.register(TreeMap.class, new MapSerializer.Sorted(TreeMap::new));
    kryo.register(
        ConcurrentSkipListMap.class, new MapSerializer.Sorted(ConcurrentSkipListMap::new));
  }

  static @Nullable Comparator<?> comparator(Collection<?> sorted) {
    return ((SortedSet<?>) sorted).comparator();
  }

  private static void registerImmutable(CodecKryo kryo) {
    immutable(kryo, WellKnownClasses.IMMUTABLE_LIST, JdkCollections::listOf);
    immutable(kryo, WellKnownClasses.IMMUTABLE_SET, elements -> Set.of(elements));
    immutableMap(kryo, WellKnownClasses.IMMUTABLE_MAP, Map::copyOf);
    immutable(kryo, Collections.emptyList().getClass(), elements -> Collections.emptyList());
    immutable(kryo, Collections.emptySet().getClass(), elements -> Collections.emptySet());
    immutableMap(kryo, Collections.emptyMap().getClass(), entries -> Collections.emptyMap());
    immutable(
        kryo,
        Collections.singletonList(1).getClass(),
        elements -> Collections.singletonList(elements[0]));
    immutable(
        kryo, Collections.singleton(1).getClass(), elements -> Collections.singleton(elements[0]));
    immutableMap(
        kryo,
        Collections.singletonMap(1, 1).getClass(),
        entries -> {
          Map.Entry<Object, Object> entry = entries.entrySet().iterator().next();
          return Collections.singletonMap(entry.getKey(), entry.getValue());
        });
  }

  /** As {@code List.of}, or as {@code Stream.toList} where there are nulls. */
  private static List<?> listOf(@Nullable Object[] elements) {
    for (Object element : elements) {
      if (element == null) {
        return Stream.of(elements).toList();
      }
    }
    return List.of(elements);
  }

  static void immutable(
      CodecKryo kryo,
      Class<?> type,
      java.util.function.Function<@Nullable Object[], Collection<?>> maker) {
    kryo.register(type, new CollectionSerializer.Immutable(maker));
  }

  static void immutableMap(
      CodecKryo kryo,
      Class<?> type,
      java.util.function.Function<Map<Object, Object>, Map<?, ?>> maker) {
    kryo.register(type, new MapSerializer.Immutable(maker));
  }

  /** {@code Arrays.asList}: of fixed size, so its elements are set rather than added. */
  private static final class AsList extends Serializer<List<@Nullable Object>> {
    @Override
    public void write(Kryo kryo, Output output, List<@Nullable Object> list) {
      CollectionSerializer.writeElements(kryo, output, list.toArray());
    }

    @Override
    public List<@Nullable Object> read(
        Kryo kryo, Input input, Class<? extends List<@Nullable Object>> type) {
      List<@Nullable Object> list =
          Arrays.asList(new @Nullable Object[((FrameInput) input).readLength(1)]);
      kryo.reference(list);
      for (int i = 0; i < list.size(); i++) {
        list.set(i, kryo.readClassAndObject(input));
      }
      return list;
    }
  }
}
