// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.interlock.RemoteTaskException;
import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.Outcomes;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Small frames that would take much memory or time, and honest ones that must not be mistaken. */
@SuppressWarnings({"JdkObsolete", "IdentityHashMapUsage"}) // Old classes cross too.
class DecodeLimitsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final TaskCodec hostile = new TaskCodec(DecodeLimitsTest.class.getClassLoader());
  private final TaskCodec parent =
      TaskCodec.distrusting(
          DecodeLimitsTest.class.getClassLoader(),
          new ResultClasses(
              DecodeLimitsTest.class.getClassLoader(),
              "result-classes",
              List.of("dev.interlock.codec.*"),
              List.of()));

  /** Allocates much more than its frame shows. */
  static class Greedy {
    final transient byte[] buffer = new byte[10_000];
  }

  static Stream<Arguments> amplifiers() {
    return Stream.of(
        many("empty objects", Object::new),
        many("empty lists", ArrayList::new),
        many("empty maps", HashMap::new),
        many("empty identity maps", IdentityHashMap::new),
        many("empty weak maps", WeakHashMap::new),
        many("empty concurrent maps", ConcurrentHashMap::new),
        many("empty queues", PriorityQueue::new),
        many("copy on write", CopyOnWriteArrayList::new),
        many("locks", ReentrantReadWriteLock::new),
        many("bit sets", BitSet::new),
        many("builders", StringBuilder::new),
        many("arrays", () -> new Object[0]),
        many("enum maps", () -> new EnumMap<>(Map.of(Samples.Colour.RED, 1))),
        many("patterns", () -> Pattern.compile("[a-z]|b|c")),
        named("constructors that allocate", () -> generated(10_000, Greedy::new)),
        many("exceptions", () -> bare(null)),
        named("nulls", () -> new Object[2_000_000]),
        named("copy on write of many", () -> new CopyOnWriteArrayList<>(new Integer[200_000])),
        named("one large object many times", DecodeLimitsTest::repeated),
        named("texts of unknown exceptions", DecodeLimitsTest::unknown),
        named("numbers", DecodeLimitsTest::numbers));
  }

  private static Arguments many(String name, Supplier<Object> maker) {
    return named(name, () -> generated(30_000, maker));
  }

  private static Arguments named(String name, Supplier<Object> content) {
    return Arguments.of(name, content);
  }

  private static Object generated(int count, Supplier<Object> maker) {
    return Stream.generate(maker).limit(count).toArray();
  }

  private static Throwable bare(Throwable cause) {
    Throwable bare = new RuntimeException(null, cause);
    bare.setStackTrace(new StackTraceElement[0]);
    return bare;
  }

  private static Object repeated() {
    Object[] references = new Object[500_000];
    Arrays.fill(references, new long[50_000]);
    return references;
  }

  private static final class Unknown extends Exception {
    private static final long serialVersionUID = 1;

    Unknown(String message, Throwable cause) {
      super(message, cause, false, false);
    }
  }

  /** Each has the text of the first one in its own. */
  private static Object unknown() {
    Unknown large = new Unknown("x".repeat(200_000), null);
    return IntStream.range(0, 20_000).mapToObj(i -> new Unknown(null, large)).toArray();
  }

  private static Object numbers() {
    return new Outcomes<>(IntStream.range(0, 1_000_000).boxed().toArray());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("amplifiers")
  void memoryIsInProportionToTheFrame(String name, Supplier<Object> content) {
    byte[] frame = hostile.encode(content.get());
    TaskCodec codec =
        name.contains("unknown")
            ? TaskCodec.distrusting(
                ClassLoader.getPlatformClassLoader(),
                new ResultClasses(
                    ClassLoader.getPlatformClassLoader(), "setting", List.of(), List.of()))
            : parent;
    long before = AllocationMeter.allocatedBytes();
    assertTimeout(LONG, () -> decodeOrRefuse(codec, frame));
    long allocated = AllocationMeter.allocatedBytes() - before;
    assertThat(AllocationMeter.allocatedBytes()).as("the JVM counts").isPositive();
    long unmeasured = name.startsWith("constructors") ? 4_352 * 10_100L : 0;
    assertThat(allocated)
        .as("for %d bytes", frame.length)
        .isLessThan(
            DecodeBudget.MEMORY_FACTOR * frame.length + 2 * DecodeBudget.FREE_BYTES + unmeasured);
  }

  private static void decodeOrRefuse(TaskCodec codec, byte[] frame) {
    try {
      codec.decode(frame);
    } catch (UndecodableException e) {
      assertThat(e.getCause() instanceof OutOfMemoryError).isFalse();
    }
  }

  /** Each level claims nearly the whole frame for an array of nothing. */
  @Test
  void framesWithinFramesShareOneBudget() {
    byte[] filling = new byte[100_000];
    Exception inner = new Holder(filling);
    for (int i = 0; i < 100; i++) {
      inner = new Holder(new Object[] {inner, 1});
    }
    byte[] frame = hostile.encode(inner);
    for (int at = 0; at < frame.length - filling.length; at++) {
      byte[] damaged = frame.clone();
      damaged[at] = (byte) 0xff;
      long before = AllocationMeter.allocatedBytes();
      decodeOrRefuse(parent, damaged);
      assertThat(AllocationMeter.allocatedBytes() - before)
          .isLessThan(16L * frame.length + DecodeBudget.FREE_BYTES);
      at += 40;
    }
  }

  static final class Holder extends Exception {
    private static final long serialVersionUID = 1;
    final transient int unused = 0;
    final Object held;

    Holder(Object held) {
      super(null, null, false, false);
      this.held = held;
    }
  }

  /** Two sets, each of which holds the two of the level below: 2^50 steps to a hash code. */
  @Test
  void hashCodesOfSharedContent() {
    Set<Object> sets = new HashSet<>();
    sets.add("root");
    List<Set<Object>> level = List.of(sets);
    for (int i = 0; i < 50; i++) {
      Set<Object> left = new HashSet<>(Set.of(i + "left"));
      Set<Object> right = new HashSet<>(Set.of(i + "right"));
      level.forEach(above -> Collections.addAll(above, left, right)); // while these are small
      level = List.of(left, right);
    }
    assertRefusedSoon(hostile.encode(sets));
    List<Object> lists = new ArrayList<>();
    Set<Object> ofLists = new HashSet<>();
    ofLists.add(lists);
    Map<Object, Object> map = new HashMap<>();
    List<Object> key = new ArrayList<>();
    map.put(key, 1);
    List<Object> shared = List.of();
    for (int i = 0; i < 50; i++) {
      shared = List.of(shared, shared);
    }
    Collections.addAll(lists, shared, shared);
    key.add(new Object[] {shared});
    key.add(Map.of("k", shared));
    assertRefusedSoon(hostile.encode(ofLists));
    assertRefusedSoon(hostile.encode(map));
    assertThat(parent.decode(hostile.encode(new Object[] {shared}))).isNotNull();
  }

  private void assertRefusedSoon(byte[] frame) {
    assertThat(frame.length).isLessThan(3_000);
    assertTimeout(
        LONG,
        () ->
            assertThatThrownBy(() -> parent.decode(frame))
                .isInstanceOf(UndecodableException.class)
                .hasMessageContaining("hash codes"));
  }

  @Test
  void honestSharingInKeysIsNoAttack() {
    List<Integer> schema = IntStream.range(0, 1_000).boxed().toList();
    Set<List<Object>> rows = new HashSet<>();
    for (int i = 0; i < 5_000; i++) {
      rows.add(List.of(i, schema));
    }
    assertThat(parent.decode(hostile.encode(rows))).isEqualTo(rows);
  }

  /** Non-comparable keys of one hash code: each is compared with all others. */
  @Test
  void keysThatCollide() {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < 300; i++) {
      map.put(List.of("Aa".repeat(i % 2) + "BB".repeat(1 - i % 2), i), i);
    }
    assertThat(parent.decode(hostile.encode(map))).isEqualTo(map);
  }

  @Test
  void deepStructuresWorkOrFailTyped() {
    for (int depth : new int[] {100, 200, 600, 800}) {
      List<Object> lists = new ArrayList<>();
      Samples.Pair<Object, Object> pairs = new Samples.Pair<>(1, 2);
      Throwable causes = bare(null);
      for (int i = 0; i < depth; i++) {
        lists = new ArrayList<>(List.of(lists));
        pairs = new Samples.Pair<>(pairs, i);
        causes = bare(causes);
      }
      for (Object deep : List.of(lists, pairs, causes)) {
        byte[] frame = hostile.encode(deep);
        if (depth <= 200) {
          assertThat(parent.decode(frame)).isInstanceOf(deep.getClass());
        } else {
          assertThatThrownBy(() -> parent.decode(frame))
              .isInstanceOf(UndecodableException.class)
              .hasMessageContaining("nested more than 500 levels deep");
        }
      }
    }
  }

  @Test
  void framesWithinFramesCountAsLevels() {
    Exception deep = new Holder(1);
    for (int i = 0; i < 300; i++) {
      deep = new Holder(deep);
    }
    Holder back = (Holder) Objects.requireNonNull(parent.decode(hostile.encode(deep)));
    int depth = 0;
    for (Object held = back; held instanceof Holder holder; held = holder.held) {
      depth++;
    }
    assertThat(depth).isBetween(100, DecodeBudget.MOST_LEVELS);
  }

  @Test
  void whatMakesTheJdkConnectOrSearchIsRefused() throws Exception {
    for (Object refused :
        List.of(
            new URL("http://nowhere.invalid/"),
            Pattern.compile("a\u0300\u0316\u0321", Pattern.CANON_EQ),
            Pattern.compile("a".repeat(20_000)))) {
      byte[] frame = hostile.encode(List.of(refused));
      assertThatThrownBy(() -> parent.decode(frame))
          .isInstanceOf(UndecodableException.class)
          .hasMessageContaining("in a result");
    }
    assertThat(parent.decode(hostile.encode(Pattern.compile("a+", Pattern.MULTILINE))))
        .hasToString("a+");
    byte[] many =
        hostile.encode(new CopyOnWriteArraySet<>(IntStream.range(0, 10_001).boxed().toList()));
    assertThatThrownBy(() -> parent.decode(many)).hasMessageContaining("too many");
  }

  @Test
  void outcomesOfManyKindsStayWithinTheLimits() {
    Outcomes<Object> mixed = new Outcomes<>(3_000);
    for (int i = 0; i < mixed.size(); i++) {
      if (i % 3 == 0) {
        mixed.fail(i, new RemoteTaskException("T", "m", "text", null));
      } else {
        mixed.set(i, Map.of("k", List.of(i)));
      }
    }
    Outcome<?> back =
        (Outcome<?>) Objects.requireNonNull(parent.decode(hostile.encode(Outcome.success(mixed))));
    Outcomes<?> items = (Outcomes<?>) back.value();
    assertThat(items.value(1)).isEqualTo(Map.of("k", List.of(1)));
    assertThat(items.failure(0)).isInstanceOf(RemoteTaskException.class);
  }
}
