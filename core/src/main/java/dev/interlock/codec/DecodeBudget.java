// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;

/**
 * What decoding one frame from a distrusted side may cost: memory and time in proportion to its
 * length. Lengths are checked before memory is allocated for them ({@link FrameInput}); this is for
 * what no length shows: small objects that are large in memory, hash codes of sets within sets,
 * keys that collide. Used by one thread.
 */
final class DecodeBudget {
  /** Bytes of memory for a byte of the frame: a hash map of one entry takes twenty to thirty. */
  static final long MEMORY_FACTOR = 64;

  /** Bytes of memory beyond that. */
  static final long FREE_BYTES = 16L << 20;

  /** The most levels of objects within objects: so many fit on the stack of any thread. */
  static final int MOST_LEVELS = 500;

  private static final long HASH_FACTOR = 64;
  private static final long FREE_HASH_STEPS = 50_000_000;
  private static final long NS_PER_BYTE = 1_000;
  private static final long FREE_NS = 10_000_000_000L;

  /** Before so many objects nothing is measured. */
  private static final int UNMEASURED_OBJECTS = 4_096;

  private static final int OBJECTS_PER_MEASUREMENT = 256;

  private long frameBytes;
  private int objects;
  private long hashSteps;
  private long chargedBytes;
  private long startNs;
  private long allocatedAtStart;

  /** A frame of so many bytes is about to be decoded. */
  void open(int length) {
    frameBytes = length;
    objects = 0;
    hashSteps = 0;
    chargedBytes = 0;
    startNs = System.nanoTime();
  }

  /** So many bytes belong to the frame that are not in it. */
  void extend(long bytes) {
    frameBytes += bytes;
  }

  /** An object, or what stands in an object's place, is about to be read. */
  void object() {
    int count = ++objects;
    if (count % OBJECTS_PER_MEASUREMENT == 0 && count >= UNMEASURED_OBJECTS) {
      measure(count);
    }
  }

  private void measure(int count) {
    if (System.nanoTime() - startNs > FREE_NS + NS_PER_BYTE * frameBytes) {
      throw tooMuch("time");
    }
    long allocated = AllocationMeter.allocatedBytes();
    if (count == UNMEASURED_OBJECTS) {
      allocatedAtStart = allocated;
    }
    checkMemory(allocated - allocatedAtStart);
  }

  /** Memory is about to be allocated that is not in proportion to what was read. */
  void allocate(long bytes) {
    chargedBytes += bytes;
    checkMemory(chargedBytes);
  }

  private void checkMemory(long bytes) {
    if (bytes > FREE_BYTES + MEMORY_FACTOR * frameBytes) {
      throw tooMuch("memory");
    }
  }

  /** The hash code of something that consists of so many objects is about to be computed. */
  void hash(long weight) {
    hashSteps += weight;
    if (hashSteps < 0 || hashSteps > FREE_HASH_STEPS + HASH_FACTOR * frameBytes) {
      throw tooMuch("time (hash codes of nested collections)");
    }
  }

  private KryoException tooMuch(String of) {
    return new KryoException(
        "Decoding it takes more " + of + " than a message of this length may. Return simpler data");
  }
}
