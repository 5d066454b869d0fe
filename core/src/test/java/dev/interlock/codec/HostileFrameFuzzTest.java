// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.RemoteTaskException;
import dev.interlock.Task;
import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import dev.interlock.spi.Outcomes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Frames that a child could send, changed at random, through the decoder of the parent: nothing but
 * a value or an {@link UndecodableException} may come of one, in bounded memory and time, and no
 * class may be looked for that is not allowed. {@code -Dfuzz.mutations} says how many, {@code
 * -Dfuzz.seed} with what they begin; what was seen is in {@code target/fuzz-statistics.txt}.
 */
class HostileFrameFuzzTest {
  private static final int MUTATIONS = Integer.getInteger("fuzz.mutations", 50_000);
  private static final long SEED = Long.getLong("fuzz.seed", 20_261_120L);

  /**
   * No frame here is long: ten seconds are the limit of {@link DecodeBudget}, and some for noise.
   */
  private static final Duration SLOWEST = Duration.ofSeconds(30);

  /** Set by the static initializer of the class that must never be initialized. */
  static volatile boolean sung;

  /** Not on the list. */
  static class Canary {
    static {
      sung = true;
    }

    int song = 5;
  }

  /** Says which classes it was asked for. */
  private static final class Watching extends ClassLoader {
    final Set<String> asked = ConcurrentHashMap.newKeySet();

    Watching() {
      super(HostileFrameFuzzTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      asked.add(name);
      return super.loadClass(name, resolve);
    }
  }

  private final Watching loader = new Watching();
  private final ResultClasses allowed =
      new ResultClasses(loader, "result-classes", sampleClasses(), List.of());
  private final TaskCodec parent = TaskCodec.distrusting(loader, allowed);
  private final TaskCodec child = new TaskCodec(HostileFrameFuzzTest.class.getClassLoader());

  private static List<String> sampleClasses() {
    List<String> names = new ArrayList<>();
    for (Class<?> type : Samples.class.getDeclaredClasses()) {
      names.add(type.getName());
    }
    return names;
  }

  /** All that the other tests encode, and outcomes of each kind. */
  private List<byte[]> seeds() throws Exception {
    List<byte[]> seeds = new ArrayList<>();
    List<Object> values = new ArrayList<>(RoundTripTest.equalValues().toList());
    values.addAll(RoundTripTest.collections().toList());
    values.addAll(RoundTripTest.queues().toList());
    values.addAll(RoundTripTest.maps().toList());
    values.addAll(RoundTripTest.printedAlike().toList());
    RoundTripTest.arrays().forEach(array -> values.add(array.get()[0]));
    values.addAll(ThrowableTest.throwables().toList());
    values.addAll(Samples.GUAVA);
    values.add(new Samples.AllFieldTypes());
    values.add((Task<Integer>) () -> 5);
    Outcomes<Object> mixed =
        new Outcomes<>(new Object[] {1, "two", new Samples.Point(3, 4), null, List.of(5)});
    mixed.fail(3, new IllegalStateException("four"));
    Outcomes<Object> numbers =
        new Outcomes<>(IntStream.range(0, 20).boxed().toArray(Object[]::new));
    numbers.fail(7, new RemoteTaskException("T", "m", "text", new Exception("cause")));
    values.addAll(List.of(mixed, numbers, new Outcomes<>(new Object[] {1.5, 2.5})));
    for (Object value : values) {
      byte[] frame = child.encode(value);
      if (frame.length < 20_000) {
        seeds.add(frame);
        seeds.add(child.encode(Outcome.success(value)));
      }
      if (value instanceof Throwable failure) {
        seeds.add(child.encode(Outcome.failure(failure)));
      }
    }
    return seeds;
  }

  /** A frame that names the canary, made without initializing it. */
  private List<byte[]> canaries() throws Exception {
    Class<?> canary = Class.forName(name(), false, HostileFrameFuzzTest.class.getClassLoader());
    byte[] literal = child.encode(new Object[] {canary, "x"});
    byte[] point = child.encode(new Samples.Point(1, 2));
    byte[] named = replaced(point, Samples.Point.class.getName(), name());
    return List.of(literal, named, child.encode(Outcome.success(List.of(canary))));
  }

  private static String name() {
    return HostileFrameFuzzTest.class.getName() + "$Canary";
  }

  private static byte[] replaced(byte[] frame, String from, String to) {
    java.nio.charset.Charset bytes = java.nio.charset.StandardCharsets.ISO_8859_1;
    String text = new String(frame, bytes);
    String marked = from.substring(0, from.length() - 1); // the last byte carries a mark
    int at = text.indexOf(marked);
    assertThat(at).isPositive();
    String last = String.valueOf((char) (to.charAt(to.length() - 1) | 0x80));
    return (text.substring(0, at)
            + to.substring(0, to.length() - 1)
            + last
            + text.substring(at + from.length()))
        .getBytes(bytes);
  }

  private final Map<String, Integer> kinds = new TreeMap<>();
  private long slowestNs;
  private long mostBytes;
  private double worstFactor;

  @Test
  void changedFramesDoNoHarm(TestReporter reporter) throws Exception {
    List<byte[]> seeds = new ArrayList<>(seeds());
    seeds.addAll(canaries());
    seeds.forEach(frame -> decode(frame, -1)); // loads what well-formed frames need
    kinds.clear();
    slowestNs = 0;
    mostBytes = 0;
    worstFactor = 0;
    Mutator mutator = new Mutator(seeds, List.of(name(), "java.lang.ProcessBuilder"));
    long startNs = System.nanoTime();
    for (int i = 0; i < MUTATIONS; i++) {
      decode(mutator.frame(SEED + i), SEED + i);
    }
    String statistics = statistics(seeds.size(), System.nanoTime() - startNs);
    reporter.publishEntry("fuzz", statistics);
    Files.writeString(Path.of("target", "fuzz-statistics.txt"), statistics);

    assertThat(sung).as("the canary was initialized").isFalse();
    assertThat(loader.asked).as("looked for").doesNotContain(name()).allMatch(this::mayBeAsked);
    assertThat(kinds).containsKey("decoded");
    assertThat(new HashSet<>(kinds.keySet()).size()).as("kinds of failure").isGreaterThan(3);
  }

  private boolean mayBeAsked(String name) {
    String element = ClassNames.elementName(name);
    return element.isEmpty() || allowed.admitsThrowable(element);
  }

  private void decode(byte[] frame, long seed) {
    long before = AllocationMeter.allocatedBytes();
    long startNs = System.nanoTime();
    String kind;
    try {
      parent.decode(frame);
      kind = "decoded";
    } catch (UndecodableException e) {
      assertThat(e.getCause() instanceof OutOfMemoryError).as("seed %s", seed).isFalse();
      kind = kindOf(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      throw new AssertionError("-Dfuzz.seed=" + seed + " -Dfuzz.mutations=1", e);
    }
    long elapsedNs = System.nanoTime() - startNs;
    long bytes = AllocationMeter.allocatedBytes() - before;
    kinds.merge(kind, 1, Integer::sum);
    slowestNs = Math.max(slowestNs, elapsedNs);
    mostBytes = Math.max(mostBytes, bytes);
    worstFactor = Math.max(worstFactor, (double) bytes / Math.max(1, frame.length));
    assertThat(elapsedNs).as("seed %s", seed).isLessThan(SLOWEST.toNanos());
    assertThat(bytes)
        .as("bytes allocated, seed %s", seed)
        .isLessThan(DecodeBudget.MEMORY_FACTOR * frame.length + 2 * DecodeBudget.FREE_BYTES);
  }

  /** The message of the failure without what differs from frame to frame. */
  private static String kindOf(String message) {
    String what = message.replaceFirst("Could not decode a message of \\d+ bytes\\. ", "");
    for (String kind :
        List.of(
            "is not accepted in a result",
            "does not fit into",
            "bytes are left over",
            "Buffer underflow",
            "is not complete yet",
            "cannot be loaded",
            "Encountered unregistered class ID",
            "Unable to resolve reference",
            "more memory than",
            "more time than",
            "levels deep",
            "too deeply",
            "cannot take a")) {
      if (what.contains(kind)) {
        return kind;
      }
    }
    return what.replaceFirst("(?s)[:(].*", "").replaceAll("[0-9]+", "n");
  }

  private String statistics(int seeds, long elapsedNs) {
    StringBuilder text =
        new StringBuilder(
            String.format(
                "%d mutations of %d frames in %.1f s, seed %d%n"
                    + "slowest frame %.1f ms; most memory for one %d bytes, %.0f times its length%n",
                MUTATIONS, seeds, elapsedNs / 1e9, SEED, slowestNs / 1e6, mostBytes, worstFactor));
    kinds.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(40)
        .forEach(kind -> text.append(String.format("%9d  %s%n", kind.getValue(), kind.getKey())));
    return text.toString();
  }

  @Test
  void mutationsAreReproducible() {
    Mutator mutator = new Mutator(List.of(new byte[] {1, 2, 3, 4}), List.of("name"));
    assertThat(mutator.frame(5)).isEqualTo(mutator.frame(5));
    assertThat(IntStream.range(0, 100).mapToObj(mutator::frame).map(Arrays::hashCode).distinct())
        .hasSizeGreaterThan(50);
  }
}
