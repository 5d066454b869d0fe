// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static dev.interlock.codec.CodecCase.equal;
import static dev.interlock.codec.CodecCase.stated;
import static dev.interlock.codec.ValueCases.alike;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.Serializable;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.Stack;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import java.util.stream.Stream;

/** Collections, maps and arrays. */
@SuppressWarnings({"JdkObsolete", "IdentityHashMapUsage"}) // Old classes cross too.
final class ContainerCases {
  private static final List<Object> CONTENT = List.of("b", "a", "c");
  private static final Map<Object, Object> ENTRIES = Map.of("b", 1, "a", 2);

  private ContainerCases() {}

  static List<CodecCase> all() {
    return Stream.of(collections(), wrapped(), maps(), arrays()).flatMap(List::stream).toList();
  }

  private static List<CodecCase> collections() {
    return List.of(
        equal("array list", new ArrayList<>(CONTENT)),
        equal("linked list", new LinkedList<>(CONTENT)),
        equal("vector", new Vector<>(CONTENT)),
        equal("stack", filled(new Stack<>())),
        equal("hash set", new HashSet<>(CONTENT)),
        alike("linked hash set keeps its order", new LinkedHashSet<>(CONTENT)),
        equal("tree set", new TreeSet<>(CONTENT)),
        alike("tree set in reverse", filled(new TreeSet<>(Collections.reverseOrder()))),
        alike("tree set regardless of case", filled(new TreeSet<>(regardlessOfCase()))),
        alike("tree set by a lambda", filled(new TreeSet<>(byText()))).notAsResult(),
        alike("array deque", new ArrayDeque<>(CONTENT)),
        alike("priority queue", new PriorityQueue<>(CONTENT)),
        equal("copy-on-write list", new CopyOnWriteArrayList<>(CONTENT)),
        equal("copy-on-write set", new CopyOnWriteArraySet<>(CONTENT)),
        alike("concurrent queue", new ConcurrentLinkedQueue<>(CONTENT)),
        alike("concurrent deque", new ConcurrentLinkedDeque<>(CONTENT)),
        equal("concurrent sorted set", new ConcurrentSkipListSet<>(CONTENT)),
        equal("concurrent set", filled(ConcurrentHashMap.newKeySet())),
        stated(
            "blocking queue keeps its bound",
            filled(new LinkedBlockingQueue<>(5)),
            (LinkedBlockingQueue<?> back) -> {
              assertThat(back.toString()).isEqualTo("[b, a, c]");
              assertThat(back.remainingCapacity()).isEqualTo(2);
            }),
        stated(
            "blocking deque without bound",
            filled(new LinkedBlockingDeque<>()),
            (LinkedBlockingDeque<?> back) -> assertThat(back).hasSize(3)),
        alike("array blocking queue", new ArrayBlockingQueue<>(7, true, CONTENT)).notAsResult(),
        equal("enum set", EnumSet.allOf(Samples.Shape.class)),
        stated(
            "empty enum set knows its enum",
            EnumSet.noneOf(Samples.Colour.class),
            (EnumSet<Samples.Colour> back) -> assertThat(EnumSet.complementOf(back)).hasSize(2)),
        equal("set of an enum of nothing", EnumSet.noneOf(Samples.Nothing.class)),
        equal("guava list", ImmutableList.of("a", 1)),
        equal("list that contains more lists", List.of(List.of(), List.of(List.of(1)))));
  }

  private static <C extends Collection<Object>> C filled(C collection) {
    collection.addAll(CONTENT);
    return collection;
  }

  @SuppressWarnings("unchecked") // The content is of texts.
  private static Comparator<Object> regardlessOfCase() {
    return (Comparator<Object>) (Comparator<?>) String.CASE_INSENSITIVE_ORDER;
  }

  private static Comparator<Object> byText() {
    return Comparator.comparing((Function<Object, String> & Serializable) String::valueOf);
  }

  private static List<CodecCase> wrapped() {
    return List.of(
        equal("no elements", List.of()),
        equal("one element", List.of(1)),
        equal("three elements", List.of(1, 2, 3)),
        equal("immutable set", Set.of(1, 2, 3)),
        equal("toList with nulls", Stream.of("a", null).toList()),
        equal("asList with nulls", Arrays.asList("a", null)),
        equal("empty list", Collections.emptyList()),
        equal("singleton", Collections.singleton(null)),
        equal("singleton list", Collections.singletonList(1)),
        equal("unmodifiable list", Collections.unmodifiableList(new ArrayList<>(CONTENT))),
        equal("unmodifiable set", Collections.unmodifiableSet(new LinkedHashSet<>(CONTENT))),
        alike(
            "unmodifiable collection",
            Collections.unmodifiableCollection(new ArrayList<>(CONTENT))),
        equal("unmodifiable sorted set", Collections.unmodifiableSortedSet(new TreeSet<>(CONTENT))),
        equal("unmodifiable map", Collections.unmodifiableMap(new TreeMap<>(ENTRIES))),
        equal("synchronized list", Collections.synchronizedList(new ArrayList<>(CONTENT))),
        equal("synchronized set", Collections.synchronizedSet(new HashSet<>(CONTENT))),
        equal("synchronized map", Collections.synchronizedMap(new HashMap<>(ENTRIES))),
        becomes("part of a list", new ArrayList<>(CONTENT).subList(1, 3), List.of("a", "c")),
        becomes("part of an immutable list", CONTENT.subList(1, 3), List.of("a", "c")),
        becomes("copies of an element", Collections.nCopies(3, "x"), List.of("x", "x", "x")),
        becomes("keys of a map", new HashMap<>(ENTRIES).keySet(), Set.of("a", "b")),
        stated(
            "values of a map",
            new TreeMap<>(ENTRIES).values(),
            (Collection<Object> back) -> assertThat(back).containsExactly(2, 1)),
        becomes("head of a sorted map", new TreeMap<>(ENTRIES).headMap("b"), Map.of("a", 2)),
        stated(
            "descending map",
            new TreeMap<>(ENTRIES).descendingMap(),
            (SortedMap<Object, Object> back) -> assertThat(back.firstKey()).isEqualTo("b")));
  }

  private static CodecCase becomes(String name, Object value, Object copy) {
    return stated(name, value, back -> assertThat(back).isEqualTo(copy));
  }

  private static List<CodecCase> maps() {
    Map<Object, Object> odd = new HashMap<>();
    odd.put(null, null);
    Properties properties = new Properties(new Properties());
    properties.setProperty("own", "x");
    Properties defaults = new Properties();
    defaults.setProperty("default", "y");
    Map<Object, Object> accessed = new LinkedHashMap<>(16, 0.75f, true);
    accessed.putAll(ENTRIES);
    return List.of(
        equal("hash map", new HashMap<>(ENTRIES)),
        equal("null key and value", odd),
        alike("linked hash map keeps its order", new LinkedHashMap<>(new TreeMap<>(ENTRIES))),
        stated(
            "access order is not kept",
            accessed,
            (Map<Object, Object> back) -> assertThat(back).isEqualTo(ENTRIES)),
        equal("tree map", new TreeMap<>(ENTRIES)),
        alike("tree map in reverse", reversed()),
        equal("concurrent map", new ConcurrentHashMap<>(ENTRIES)),
        equal("concurrent sorted map", new ConcurrentSkipListMap<>(ENTRIES)),
        equal("hashtable", new Hashtable<>(ENTRIES)),
        stated(
            "identity map by the identity of the copies",
            new IdentityHashMap<>(ENTRIES),
            (IdentityHashMap<Object, Object> back) -> assertThat(back.values()).contains(1, 2)),
        equal("weak map", new WeakHashMap<>(ENTRIES)),
        equal("properties", properties),
        stated(
            "properties keep their defaults",
            new Properties(defaults),
            (Properties back) -> assertThat(back.getProperty("default")).isEqualTo("y")),
        equal("enum map", new EnumMap<>(Map.of(Samples.Shape.ROUND, "r"))),
        stated(
            "empty enum map knows its enum",
            new EnumMap<>(Samples.Colour.class),
            (EnumMap<Samples.Colour, Object> back) -> {
              back.put(Samples.Colour.RED, 1);
              assertThat(back).hasSize(1);
            }),
        equal("immutable map of none", Map.of()),
        equal("immutable map of one", Map.of("a", 1)),
        equal("immutable map", ENTRIES),
        equal("guava map", ImmutableMap.of("a", 1, "b", 2)),
        becomes("immutable entry", Map.entry("a", 1), Map.entry("a", 1)),
        equal("entry", new AbstractMap.SimpleEntry<>("a", 1)),
        becomes(
            "entry of a map",
            odd.entrySet().iterator().next(),
            new AbstractMap.SimpleEntry<>(null, null)),
        stated(
            "map that contains itself",
            selfContaining(),
            (Map<Object, Object> back) -> assertThat(back.get("self")).isSameAs(back)));
  }

  private static Map<Object, Object> reversed() {
    Map<Object, Object> map = new TreeMap<>(Collections.reverseOrder());
    map.putAll(ENTRIES);
    return map;
  }

  private static Map<Object, Object> selfContaining() {
    Map<Object, Object> map = new HashMap<>();
    map.put("self", map);
    return map;
  }

  private static List<CodecCase> arrays() {
    Object[] self = new Object[1];
    self[0] = self;
    return List.of(
        equal("booleans", new boolean[] {true, false}),
        equal("bytes", new byte[1 << 20]),
        equal("chars", new char[] {'a', 'é'}),
        equal("shorts", new short[] {1, -1}),
        equal("ints", new int[] {1, -1, Integer.MAX_VALUE}),
        equal("longs", new long[] {1, -1, Long.MIN_VALUE}),
        equal("floats", new float[] {1f, Float.NaN}),
        equal("doubles", new double[] {1d, -0d}),
        equal("empty array", new int[0]),
        equal("arrays of arrays", new int[][] {{1}, {}, null}),
        equal("boxed numbers", new Integer[] {1, null}),
        equal("texts", new String[] {"a", null}),
        equal("objects", new Object[] {1, "a", null, new int[] {2}}),
        equal("enums", new Samples.Shape[] {Samples.Shape.SQUARE, null}),
        equal("records", new Samples.Pair<?, ?>[] {new Samples.Pair<>(1, 2), null}),
        equal("array of an interface", new Comparable<?>[] {"a", 1}),
        stated(
            "array that contains itself",
            self,
            (Object[] back) -> assertThat(back[0]).isSameAs(back)));
  }
}
