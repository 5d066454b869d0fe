// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes valid frames as a fuzzer does: bytes, lengths, pieces of other frames, names. */
final class Mutator {
  private static final byte[][] NUMBERS = {
    {0},
    {1},
    {-1, -1, -1, -1, 7},
    {-1, -1, -1, -1, 15},
    {-128, -128, -128, -128, 8},
    {127, -1, -1, -1},
    {-1, -1, -1, 127},
    {0, 0, 0, -128}
  };

  private final List<byte[]> seeds;
  private final List<String> names;

  Mutator(List<byte[]> seeds, List<String> names) {
    this.seeds = seeds;
    this.names = names;
  }

  /** The frame of this number: always the same one. */
  byte[] frame(long number) {
    Random random = new Random(number * 0x9E3779B97F4A7C15L);
    byte[] frame = any(random).clone();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      frame = changed(frame, random);
    }
    return frame;
  }

  private byte[] any(Random random) {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] changed(byte[] frame, Random random) {
    if (frame.length == 0) {
      return any(random).clone();
    }
    int at = random.nextInt(frame.length);
    int length = 1 + random.nextInt(Math.min(32, frame.length - at));
    return switch (random.nextInt(9)) {
      case 0 -> set(frame, at, frame[at] ^ (1 << random.nextInt(8)));
      case 1 -> set(frame, at, random.nextInt(256));
      case 2 -> spliced(frame, at, 0, number(random));
      case 3 -> spliced(frame, at, Math.min(4, frame.length - at), number(random));
      case 4 -> spliced(frame, at, length, new byte[0]);
      case 5 -> spliced(frame, at, 0, Arrays.copyOfRange(frame, at, at + length));
      case 6 -> spliced(frame, at, length, tail(any(random), random));
      case 7 -> spliced(frame, at, random.nextInt(length + 1), name(random));
      default -> set(frame, at, random.nextInt(130)); // class numbers, and small lengths
    };
  }

  private static byte[] set(byte[] frame, int at, int value) {
    frame[at] = (byte) value;
    return frame;
  }

  private static byte[] number(Random random) {
    return NUMBERS[random.nextInt(NUMBERS.length)];
  }

  private static byte[] tail(byte[] frame, Random random) {
    return Arrays.copyOfRange(
        frame, frame.length == 0 ? 0 : random.nextInt(frame.length), frame.length);
  }

  /** As Kryo writes one: a class by name, the name with a mark on its last byte. */
  private byte[] name(Random random) {
    byte[] name = names.get(random.nextInt(names.size())).getBytes(StandardCharsets.ISO_8859_1);
    name[name.length - 1] |= (byte) 0x80;
    return random.nextBoolean() ? name : spliced(name, 0, 0, new byte[] {1, 0});
  }

  private static byte[] spliced(byte[] frame, int at, int removed, byte[] inserted) {
    byte[] result = new byte[frame.length - removed + inserted.length];
    System.arraycopy(frame, 0, result, 0, at);
    System.arraycopy(inserted, 0, result, at, inserted.length);
    int rest = frame.length - at - removed;
    System.arraycopy(frame, at + removed, result, at + inserted.length, rest);
    return result;
  }
}
