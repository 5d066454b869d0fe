// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** The comparator of a sorted collection or map. */
final class ComparatorPart {
  private ComparatorPart() {}

  static void write(Kryo kryo, Output output, @Nullable Comparator<?> comparator) {
    try {
      kryo.writeClassAndObject(output, comparator);
    } catch (RuntimeException e) {
      throw EncodeRefusal.at(".comparator", comparator, e);
    }
  }

  @SuppressWarnings("unchecked") // It compared these elements before.
  static @Nullable Comparator<Object> read(Kryo kryo, Input input) {
    return (Comparator<Object>) kryo.readClassAndObject(input);
  }
}
