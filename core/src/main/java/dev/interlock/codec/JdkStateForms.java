// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Serializer;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.IntSummaryStatistics;
import java.util.LongSummaryStatistics;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** JDK classes that count or collect while threads change them: what they hold now crosses. */
final class JdkStateForms {
  private JdkStateForms() {}

  static Serializer<?> intStatistics() {
    return new JdkForm<IntSummaryStatistics>(
        (kryo, output, all) -> {
          output.writeLong(all.getCount());
          output.writeInt(all.getMin());
          output.writeInt(all.getMax());
          output.writeLong(all.getSum());
        },
        (kryo, input) ->
            new IntSummaryStatistics(
                input.readLong(), input.readInt(), input.readInt(), input.readLong()));
  }

  static Serializer<?> longStatistics() {
    return new JdkForm<LongSummaryStatistics>(
        (kryo, output, all) -> {
          output.writeLong(all.getCount());
          output.writeLong(all.getMin());
          output.writeLong(all.getMax());
          output.writeLong(all.getSum());
        },
        (kryo, input) ->
            new LongSummaryStatistics(
                input.readLong(), input.readLong(), input.readLong(), input.readLong()));
  }

  static Serializer<?> doubleStatistics() {
    return new JdkForm<DoubleSummaryStatistics>(
        (kryo, output, all) -> {
          output.writeLong(all.getCount());
          output.writeDouble(all.getMin());
          output.writeDouble(all.getMax());
          output.writeDouble(all.getSum());
        },
        (kryo, input) ->
            new DoubleSummaryStatistics(
                input.readLong(), input.readDouble(), input.readDouble(), input.readDouble()));
  }

  static Serializer<?> blockingQueue() {
    return new JdkForm<LinkedBlockingQueue<@Nullable Object>>(
        (kryo, output, queue) -> {
          Object[] elements = queue.toArray();
          output.writeVarInt(bound(queue.remainingCapacity(), elements.length), true);
          CollectionSerializer.writeElements(kryo, output, elements);
        },
        (kryo, input) -> {
          LinkedBlockingQueue<@Nullable Object> queue =
              new LinkedBlockingQueue<>(input.readVarInt(true));
          kryo.reference(queue);
          Collections.addAll(queue, CollectionSerializer.readElements(kryo, input));
          return queue;
        });
  }

  static Serializer<?> blockingDeque() {
    return new JdkForm<LinkedBlockingDeque<@Nullable Object>>(
        (kryo, output, queue) -> {
          Object[] elements = queue.toArray();
          output.writeVarInt(bound(queue.remainingCapacity(), elements.length), true);
          CollectionSerializer.writeElements(kryo, output, elements);
        },
        (kryo, input) -> {
          LinkedBlockingDeque<@Nullable Object> queue =
              new LinkedBlockingDeque<>(input.readVarInt(true));
          kryo.reference(queue);
          Collections.addAll(queue, CollectionSerializer.readElements(kryo, input));
          return queue;
        });
  }

  private static int bound(int free, int used) {
    return (int) Math.min(Integer.MAX_VALUE, (long) free + used);
  }

  static Serializer<?> longAdder() {
    return new JdkForm<LongAdder>(
        (kryo, output, adder) -> output.writeLong(adder.sum()),
        (kryo, input) -> {
          LongAdder adder = new LongAdder();
          adder.add(input.readLong());
          return adder;
        });
  }

  static Serializer<?> doubleAdder() {
    return new JdkForm<DoubleAdder>(
        (kryo, output, adder) -> output.writeDouble(adder.sum()),
        (kryo, input) -> {
          DoubleAdder adder = new DoubleAdder();
          adder.add(input.readDouble());
          return adder;
        });
  }

  static Serializer<?> atomicInts() {
    return new JdkForm<AtomicIntegerArray>(
        (kryo, output, array) -> {
          output.writeVarInt(array.length(), true);
          for (int i = 0; i < array.length(); i++) {
            output.writeInt(array.get(i));
          }
        },
        (kryo, input) -> new AtomicIntegerArray(input.readInts(input.readVarInt(true))));
  }

  static Serializer<?> atomicLongs() {
    return new JdkForm<AtomicLongArray>(
        (kryo, output, array) -> {
          output.writeVarInt(array.length(), true);
          for (int i = 0; i < array.length(); i++) {
            output.writeLong(array.get(i));
          }
        },
        (kryo, input) -> new AtomicLongArray(input.readLongs(input.readVarInt(true))));
  }

  static Serializer<?> atomicReferences() {
    return new JdkForm<AtomicReferenceArray<@Nullable Object>>(
        (kryo, output, array) -> {
          @Nullable Object[] elements = new @Nullable Object[array.length()];
          for (int i = 0; i < elements.length; i++) {
            elements[i] = array.get(i);
          }
          CollectionSerializer.writeElements(kryo, output, elements);
        },
        (kryo, input) -> {
          AtomicReferenceArray<@Nullable Object> array =
              new AtomicReferenceArray<>(input.readLength(1));
          kryo.reference(array);
          for (int i = 0; i < array.length(); i++) {
            array.set(i, kryo.readClassAndObject(input));
          }
          return array;
        });
  }
}
