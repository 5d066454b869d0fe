// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.kryo5.io.Output;
import dev.interlock.Task;
import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("JdkObsolete") // Old classes cross too.
class FuzzTest {
  private final TaskCodec codec = new TaskCodec(FuzzTest.class.getClassLoader());

  private List<byte[]> frames() {
    Task<Integer> lambda = () -> 5;
    List<Object> values =
        List.of(
            new Samples.AllFieldTypes(),
            new Samples.Pair<>(new int[100], new String[] {"a", "é".repeat(50)}),
            new ArrayList<>(IntStream.range(0, 50).boxed().toList()),
            new TreeMap<>(Map.of("a", 1, "b", 2)),
            new HashMap<>(Map.of("a", List.of(1), "b", new StringBuffer("größe"))),
            List.of(Outcome.success("v"), Outcome.failure(new IllegalStateException("x"))),
            lambda,
            new Exception("outer", new ThrowableTest.Coded(5, "inner")),
            Samples.GUAVA,
            new Object[] {new long[20], new double[20], new char[20], new byte[200]},
            Locale.GERMANY,
            new java.math.BigDecimal("1234567890123456789012.5"));
    return values.stream().map(codec::encode).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damagedFramesAreUndecodableAtMost(long seed) {
    Random random = new Random(seed);
    int refused = 0;
    int rounds = 200;
    List<byte[]> frames = frames();
    for (byte[] frame : frames) {
      for (int round = 0; round < rounds; round++) {
        byte[] damaged = frame.clone();
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        }
        refused += decodes(damaged) ? 0 : 1;
      }
    }
    assertThat(refused).isBetween(1, frames.size() * rounds);
  }

  @Test
  void truncatedFramesAreUndecodable() {
    for (byte[] frame : frames()) {
      for (int length = 0; length < frame.length; length++) {
        assertThat(decodes(Arrays.copyOf(frame, length))).as("length %s", length).isFalse();
      }
      assertThat(decodes(Arrays.copyOf(frame, frame.length + 1))).isFalse();
      assertThat(decodes(frame)).isTrue();
    }
  }

  @Test
  void noiseIsUndecodableAtMost() {
    Random random = new Random(4);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] noise = new byte[random.nextInt(100)];
      random.nextBytes(noise);
      refused += decodes(noise) ? 0 : 1;
    }
    assertThat(refused).isGreaterThan(4_000);
  }

  private boolean decodes(byte[] bytes) {
    try {
      codec.decode(bytes);
      return true;
    } catch (UndecodableException e) {
      assertThat(e.getCause() instanceof OutOfMemoryError).isFalse();
      return false;
    }
  }

  /** A frame of a few bytes that announces two thousand million elements. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        byte[].class,
        int[].class,
        long[].class,
        double[].class,
        char[].class,
        short[].class,
        boolean[].class,
        Object[].class,
        String[].class,
        Samples.Point[].class,
        ArrayList.class,
        HashMap.class,
        TreeMap.class,
        java.util.LinkedList.class,
        java.util.ArrayDeque.class,
        java.util.HashSet.class,
        java.util.BitSet.class,
        java.math.BigInteger.class,
        java.nio.ByteBuffer.class,
        StringBuilder.class,
        java.util.concurrent.ConcurrentHashMap.class
      })
  void lengthBombs(Class<?> type) {
    CodecKryo kryo =
        new CodecKryo(
            codec,
            new ClassNames(
                type.getClassLoader() == null
                    ? FuzzTest.class.getClassLoader()
                    : type.getClassLoader(),
                name -> true));
    try (Output output = new Output(256)) {
      kryo.writeClass(output, type);
      output.writeByte(1);
      output.writeVarInt(Integer.MAX_VALUE - 10, true);
      output.writeVarInt(0, true);
      output.writeVarInt(0, true);
      byte[] bomb = output.toBytes();
      assertThat(bomb.length).isLessThan(70);
      assertThatThrownBy(() -> codec.decode(bomb))
          .isInstanceOf(UndecodableException.class)
          .matches(e -> !(e.getCause() instanceof OutOfMemoryError), "memory suffices");
    }
  }

  /** Each array alone fits into the frame; all together would take gigabytes. */
  @Test
  void nestedLengthBomb() {
    CodecKryo kryo =
        new CodecKryo(codec, new ClassNames(FuzzTest.class.getClassLoader(), n -> true));
    int size = 1 << 20;
    try (Output output = new Output(2 * size)) {
      while (output.position() < size - 100) {
        kryo.writeClass(output, Object[].class);
        output.writeByte(1);
        output.writeVarInt(size - output.position() - 100, true);
      }
      byte[] bomb = Arrays.copyOf(output.toBytes(), size);
      assertThatThrownBy(() -> codec.decode(bomb))
          .isInstanceOf(UndecodableException.class)
          .hasMessageContaining("does not fit")
          .matches(e -> !(e.getCause() instanceof OutOfMemoryError), "memory suffices");
    }
  }
}
