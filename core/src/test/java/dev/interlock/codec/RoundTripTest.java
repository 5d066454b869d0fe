// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.codec.Samples.Colour;
import dev.interlock.codec.Samples.Point;
import dev.interlock.codec.Samples.Shape;
import java.io.File;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
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
import java.time.chrono.HijrahDate;
import java.time.chrono.JapaneseDate;
import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Currency;
import java.util.Date;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Set;
import java.util.SimpleTimeZone;
import java.util.Stack;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.Vector;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings({
  "JavaUtilDate",
  "JdkObsolete",
  "IdentityHashMapUsage",
  "UnnecessaryStringBuilder"
}) // Old classes cross too.
class RoundTripTest {
  private final TaskCodec codec = new TaskCodec(RoundTripTest.class.getClassLoader());

  @SuppressWarnings("unchecked")
  private <T> T roundTrip(T value) {
    return (T) codec.decode(codec.encode(value));
  }

  static Stream<Object> equalValues() throws Exception {
    List<Object> values = new ArrayList<>();
    Collections.addAll(
        values,
        true,
        (byte) -5,
        'ü',
        (short) -300,
        0,
        -1,
        Integer.MAX_VALUE,
        Long.MIN_VALUE,
        Float.NEGATIVE_INFINITY,
        Double.NaN,
        "",
        "ascii",
        "größer als ASCII \u4e2d \uD83D\uDE00 \0",
        "x".repeat(100_000),
        "é".repeat(100_000),
        BigInteger.ZERO,
        BigInteger.TEN.pow(500).negate(),
        new BigDecimal("-12345678901234567890.0123456789"),
        new BigDecimal("1E+400"),
        UUID.fromString("01234567-89ab-cdef-0123-456789abcdef"),
        URI.create("http://example.org/a?b#c"),
        new URL("http://example.org:80/a"),
        new File("a/b.txt"),
        Path.of("a", "b.txt"),
        Locale.GERMANY,
        Locale.forLanguageTag("sr-Latn-RS-x-lvariant-POSIX"),
        StandardCharsets.UTF_16LE,
        Currency.getInstance("EUR"),
        InetAddress.getByAddress("somewhere", new byte[] {127, 0, 0, 1}),
        TimeZone.getTimeZone("Europe/Berlin"),
        new SimpleTimeZone(3_600_000, "own"),
        new GregorianCalendar(2024, Calendar.MAY, 5),
        new Date(-5),
        new java.sql.Timestamp(1234),
        String.class,
        int.class,
        void.class,
        int[][].class,
        Point[].class,
        Map.Entry.class,
        java.net.Socket.class);
    addTimes(values);
    addUserTypes(values);
    values.addAll(Samples.GUAVA);
    return values.stream();
  }

  private static void addTimes(List<Object> values) {
    Collections.addAll(
        values,
        Duration.ofSeconds(-5, 3),
        Instant.MAX,
        LocalDate.of(2024, 2, 29),
        LocalTime.MAX,
        LocalDateTime.of(2024, 2, 29, 1, 2, 3, 4),
        OffsetDateTime.of(2024, 2, 29, 1, 2, 3, 4, ZoneOffset.ofHours(-7)),
        OffsetTime.of(1, 2, 3, 4, ZoneOffset.ofHoursMinutes(5, 30)),
        ZonedDateTime.of(2024, 3, 31, 2, 30, 0, 0, ZoneId.of("Europe/Berlin")),
        ZoneId.of("America/New_York"),
        ZoneId.of("UTC+2"),
        ZoneOffset.UTC,
        Period.of(1, -2, 3),
        Year.of(1999),
        YearMonth.of(1999, 12),
        MonthDay.of(2, 29),
        DayOfWeek.FRIDAY,
        TimeUnit.DAYS,
        HijrahDate.of(1440, 1, 1),
        JapaneseDate.of(2020, 1, 1),
        Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
  }

  private static void addUserTypes(List<Object> values) {
    Collections.addAll(
        values,
        Colour.GREEN,
        Shape.ROUND,
        new Point(1, 2),
        new Samples.Pair<>("a", List.of(new Samples.Pair<>(null, 2))),
        new Samples.Everything(true, (byte) 1, 'c', (short) 2, 3, 4, 5f, 6d, "t", new int[] {7}),
        new Samples.Shouting("hey"),
        new Samples.Positive(3),
        Samples.local(42),
        Samples.localRecord(43),
        new Samples.Replaced("r"),
        new Samples.SelfWritten("s"),
        new Samples.External("e"),
        new Samples.Squares(5),
        new Samples.TaggedList("t"));
  }

  @ParameterizedTest
  @MethodSource("equalValues")
  void equalAndOfTheSameClass(Object value) {
    Object back = roundTrip(value);
    assertThat(back).isEqualTo(value);
    assertThat(back.getClass()).isEqualTo(value.getClass());
  }

  static Stream<Collection<?>> collections() {
    List<Collection<?>> all = new ArrayList<>();
    List<Object> content = new ArrayList<>(List.of("b", "a", "c"));
    for (Collection<Object> mutable : mutableCollections()) {
      mutable.addAll(content);
      all.add(mutable);
    }
    Collections.addAll(
        all,
        List.of(),
        List.of(1),
        List.of(1, 2),
        List.of(1, 2, 3),
        Set.of(),
        Set.of(1),
        Set.of(1, 2, 3),
        Stream.of("a", null, "b").toList(),
        Stream.of("a", "b", "c").toList(),
        Arrays.asList("a", null),
        Arrays.asList(),
        Collections.emptyList(),
        Collections.emptySet(),
        Collections.singleton("a"),
        Collections.singleton(null),
        Collections.singletonList(null),
        Collections.unmodifiableList(content),
        Collections.unmodifiableList(new LinkedList<>(content)),
        Collections.unmodifiableSet(new LinkedHashSet<>(content)),
        Collections.unmodifiableSortedSet(new TreeSet<Object>(content)),
        Collections.unmodifiableNavigableSet(new TreeSet<Object>(content)),
        EnumSet.allOf(Shape.class),
        EnumSet.of(Colour.RED),
        EnumSet.noneOf(Colour.class),
        EnumSet.noneOf(Samples.Nothing.class));
    return all.stream();
  }

  private static List<Collection<Object>> mutableCollections() {
    return List.of(
        new ArrayList<>(),
        new LinkedList<>(),
        new Vector<>(),
        new Stack<>(),
        new HashSet<>(),
        new LinkedHashSet<>(),
        new TreeSet<>(),
        new TreeSet<>(Comparator.comparing((Serializable & KeyOf) String::valueOf).reversed()),
        new CopyOnWriteArrayList<>(),
        new CopyOnWriteArraySet<>(),
        new ConcurrentSkipListSet<>(),
        ConcurrentHashMap.newKeySet(),
        Collections.newSetFromMap(new ConcurrentHashMap<>()),
        Collections.synchronizedList(new ArrayList<>()),
        Collections.synchronizedList(new LinkedList<>()),
        Collections.synchronizedSet(new HashSet<>()),
        Collections.synchronizedSortedSet(new TreeSet<>()),
        Collections.synchronizedNavigableSet(new TreeSet<>()));
  }

  private interface KeyOf extends java.util.function.Function<Object, String> {}

  @ParameterizedTest
  @MethodSource("collections")
  void collectionsKeepClassOrderAndContent(Collection<?> collection) {
    Collection<?> back = roundTrip(collection);
    assertThat(back.getClass()).isEqualTo(collection.getClass());
    assertThat(back).isEqualTo(collection);
    if (!collection.getClass().getName().contains("ImmutableCollections$Set")) {
      assertThat(new ArrayList<Object>(back)).isEqualTo(new ArrayList<Object>(collection));
    }
  }

  static Stream<Collection<?>> queues() {
    List<Object> content = List.of(3, 1, 2);
    return Stream.of(
        new ArrayDeque<>(content),
        new PriorityQueue<>(content),
        new ConcurrentLinkedQueue<>(content),
        new ConcurrentLinkedDeque<>(content),
        new LinkedBlockingQueue<>(content),
        new ArrayBlockingQueue<>(7, false, content),
        Collections.unmodifiableCollection(new ArrayList<>(content)),
        Collections.synchronizedCollection(new ArrayList<>(content)));
  }

  @ParameterizedTest
  @MethodSource("queues")
  void queuesKeepClassAndOrder(Collection<?> queue) {
    Collection<?> back = roundTrip(queue);
    assertThat(back.getClass()).isEqualTo(queue.getClass());
    assertThat(new ArrayList<Object>(back)).isEqualTo(new ArrayList<Object>(queue));
  }

  @Test
  void blockingQueueKeepsItsBound() {
    assertThat(roundTrip(new LinkedBlockingQueue<>(3)).remainingCapacity()).isEqualTo(3);
  }

  static Stream<Map<?, ?>> maps() {
    List<Map<?, ?>> all = new ArrayList<>();
    for (Map<Object, Object> map :
        List.<Map<Object, Object>>of(
            new HashMap<>(),
            new LinkedHashMap<>(),
            new TreeMap<>(),
            new TreeMap<>(Collections.reverseOrder()),
            new TreeMap<>(nullsFirst()),
            new ConcurrentHashMap<>(),
            new ConcurrentSkipListMap<>(),
            new Hashtable<>(),
            Collections.synchronizedMap(new HashMap<>()),
            Collections.synchronizedSortedMap(new TreeMap<>()),
            Collections.synchronizedNavigableMap(new TreeMap<>()))) {
      map.put("b", new Point(1, 2));
      map.put("a", "value");
      all.add(map);
    }
    Properties properties = new Properties(new Properties());
    properties.setProperty("a", "b");
    EnumMap<Shape, String> enumMap = new EnumMap<>(Map.of(Shape.ROUND, "r"));
    Collections.addAll(
        all,
        Map.of(),
        Map.of("a", 1),
        Map.of("a", 1, "b", 2),
        Collections.emptyMap(),
        Collections.singletonMap("a", null),
        Collections.unmodifiableMap(new TreeMap<>(Map.of("b", 1, "a", 2))),
        Collections.unmodifiableSortedMap(new TreeMap<>(Map.of("b", 1, "a", 2))),
        Collections.unmodifiableNavigableMap(new TreeMap<>(Map.of("b", 1, "a", 2))),
        enumMap,
        new EnumMap<>(Colour.class),
        properties,
        new Samples.PlainMap());
    return all.stream();
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Comparator<Object> nullsFirst() {
    return Comparator.nullsFirst((Comparator) Comparator.naturalOrder());
  }

  @ParameterizedTest
  @MethodSource("maps")
  void mapsKeepClassAndContent(Map<?, ?> map) {
    Map<?, ?> back = roundTrip(map);
    assertThat(back.getClass()).isEqualTo(map.getClass());
    assertThat((Object) back).isEqualTo(map);
  }

  @Test
  void viewsArriveAsPlainCopies() {
    Map<String, Integer> map = new LinkedHashMap<>(Map.of("a", 1));
    TreeMap<String, Integer> sorted = new TreeMap<>(Map.of("a", 1, "b", 2, "c", 3));
    assertThat(roundTrip(new ArrayList<>(List.of(1, 2, 3)).subList(1, 3)))
        .isEqualTo(List.of(2, 3))
        .isInstanceOf(ArrayList.class);
    assertThat(roundTrip(map.keySet())).isEqualTo(Set.of("a"));
    assertThat(roundTrip(map.values())).containsExactly(1);
    assertThat(roundTrip(map.entrySet())).isEqualTo(map.entrySet());
    assertThat(roundTrip(map.entrySet().iterator().next())).isEqualTo(Map.entry("a", 1));
    assertThat(roundTrip(Map.entry("a", 1))).isEqualTo(Map.entry("a", 1));
    assertThat(roundTrip(new AbstractMap.SimpleImmutableEntry<>("a", 1)))
        .isEqualTo(Map.entry("a", 1))
        .isInstanceOf(AbstractMap.SimpleImmutableEntry.class);
    assertThat(roundTrip(sorted.headMap("c"))).isEqualTo(Map.of("a", 1, "b", 2));
    assertThat(roundTrip(sorted.descendingMap()).firstKey()).isEqualTo("c");
    assertThat(roundTrip(sorted.navigableKeySet())).isEqualTo(sorted.keySet());
    assertThat(roundTrip(Collections.emptySortedSet())).isEqualTo(Collections.emptySortedSet());
    assertThat((Object) roundTrip(Collections.emptySortedMap())).isEqualTo(Map.of());
    assertThat(roundTrip(List.of(1, 2, 3, 4).subList(1, 3))).isEqualTo(List.of(2, 3));
    assertThat(roundTrip(Collections.nCopies(3, "x"))).isEqualTo(List.of("x", "x", "x"));
    assertThat(roundTrip(new IdentityHashMap<>(Map.of("k", 1))).values()).containsExactly(1);
  }

  static Stream<Arguments> arrays() {
    return Stream.<Object>of(
            new boolean[] {true, false},
            new byte[] {1, -1},
            new char[] {'a', 'é'},
            new short[] {1, -1},
            new int[] {1, -1, Integer.MAX_VALUE},
            new long[] {1, -1, Long.MAX_VALUE, 0x80_00_00_00L},
            new float[] {1f, Float.NaN},
            new double[] {1d, -0d},
            new int[0],
            new Object[0],
            new String[] {"a", null},
            new Integer[] {1, null},
            new Object[] {1, "a", null, new int[] {2}},
            new int[][] {{1}, {}, null},
            new String[][][] {{{"a"}, null}},
            new Point[] {new Point(1, 2), null},
            new List<?>[] {List.of(1)},
            new Colour[] {Colour.RED, null},
            new Shape[] {Shape.SQUARE, null},
            new Samples.Pair<?, ?>[] {new Samples.Pair<>(1, 2), null},
            new Serializable[] {"a", 1},
            new Class<?>[] {int.class, null},
            new Thread[] {null})
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("arrays")
  void arraysKeepClassAndContent(Object array) {
    Object back = roundTrip(array);
    assertThat(back.getClass()).isEqualTo(array.getClass());
    assertThat(Arrays.deepEquals(new Object[] {back}, new Object[] {array})).isTrue();
  }

  static Stream<Object> printedAlike() {
    return Stream.of(
        new StringBuilder("größe"),
        new StringBuffer("x"),
        Pattern.compile("a+b", Pattern.CASE_INSENSITIVE),
        new AtomicInteger(5),
        new AtomicLong(-5),
        new AtomicBoolean(true),
        new AtomicReference<>(new ArrayList<>(List.of(1))),
        new AtomicIntegerArray(new int[] {1, 2}),
        BitSet.valueOf(new long[] {5, 0, 9}),
        Optional.of("x"),
        Optional.empty(),
        OptionalInt.of(3),
        OptionalInt.empty(),
        OptionalLong.of(3),
        OptionalDouble.of(3));
  }

  @ParameterizedTest
  @MethodSource("printedAlike")
  void mutableValuesKeepTheirState(Object value) {
    Object back = roundTrip(value);
    assertThat(back.getClass()).isEqualTo(value.getClass());
    assertThat(back.toString()).isEqualTo(value.toString());
  }

  @Test
  void nullAndFreshObjects() {
    assertThat(roundTrip((Object) null)).isNull();
    assertThat(roundTrip(new Object()).getClass()).isEqualTo(Object.class);
    LongAdder adder = new LongAdder();
    adder.add(7);
    assertThat(roundTrip(adder).sum()).isEqualTo(7);
    assertThat(roundTrip(new DoubleAdder()).sum()).isZero();
    Pattern pattern = roundTrip(Pattern.compile("a", Pattern.MULTILINE));
    assertThat(pattern.flags()).isEqualTo(Pattern.MULTILINE);
  }

  @Test
  void fieldsOfEveryType() {
    assertThat(roundTrip(new Samples.AllFieldTypes()))
        .usingRecursiveComparison()
        .isEqualTo(new Samples.AllFieldTypes());
    Samples.Labelled labelled = roundTrip(new Samples.Labelled("label"));
    assertThat(labelled.x).isEqualTo("label");
    assertThat(labelled.superX()).isEqualTo(7);
    assertThat(labelled.cache).isNull();
    assertThat(labelled.publicArray).containsExactly(1, 2);
    assertThat(roundTrip(Samples.inner()).value).isEqualTo(3);
  }

  @Test
  void subclassesOfJdkCollectionsKeepTheirFields() {
    Samples.TaggedList list = new Samples.TaggedList("tag");
    list.add("element");
    Samples.TaggedList back = roundTrip(list);
    assertThat(back.tag).isEqualTo("tag");
    assertThat(back).containsExactly("element");
    Samples.PlainMap map = new Samples.PlainMap();
    map.put("k", new Point(1, 2));
    assertThat((Object) roundTrip(map)).isEqualTo(map);
  }

  @Test
  void anonymousSubclassThatFillsItselfIsNotFilledTwice() {
    @SuppressWarnings("serial")
    List<Integer> twice = doubleBrace();
    assertThat(roundTrip(twice)).containsExactly(1);
  }

  @SuppressWarnings("DoubleBraceInitialization")
  private static List<Integer> doubleBrace() {
    return new ArrayList<>() {
      {
        add(1);
      }
    };
  }

  @Test
  void wrappersStayWhatTheyAre() {
    assertThat(roundTrip(Samples.Singleton.INSTANCE)).isSameAs(Samples.Singleton.INSTANCE);
    List<Object> synchronizedList = Collections.synchronizedList(new ArrayList<>());
    roundTrip(synchronizedList).add("still mutable");
    assertThat(roundTrip(new Samples.Shouting("hey")).word()).isEqualTo("hey!");
  }

  @Test
  void largeArraysCrossInOnePiece() {
    byte[] large = new byte[20_000_000];
    Arrays.fill(large, (byte) 7);
    ByteBuffer encoded = codec.encodeToBuffer(new Object[] {"before", large, "after"});
    assertThat(encoded.remaining()).isLessThan(large.length + 100);
    Object[] back = (Object[]) codec.decode(encoded);
    assertThat(back[1]).isEqualTo(large);
    assertThat(back[2]).isEqualTo("after");
    ByteBuffer direct = ByteBuffer.allocateDirect(encoded.remaining()).put(encoded.duplicate());
    assertThat(((Object[]) codec.decode(direct.flip()))[1]).isEqualTo(large);
    double[] doubles = new double[1_000_000];
    doubles[999_999] = Math.PI;
    assertThat(roundTrip(doubles)).isEqualTo(doubles);
  }
}
