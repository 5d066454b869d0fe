// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A collection that can be filled once it exists: it may contain itself. */
@SuppressWarnings("unchecked") // What was in the collection goes back into it.
class CollectionSerializer extends Serializer<Collection<@Nullable Object>> {
  private final IntFunction<? extends Collection<?>> maker;

  /**
   * @param maker makes an empty collection; told the number of elements to come
   */
  CollectionSerializer(IntFunction<? extends Collection<?>> maker) {
    this.maker = maker;
  }

  static CollectionSerializer by(Constructor<?> constructor) {
    return new CollectionSerializer(
        size -> {
          Collection<?> made = (Collection<?>) Instantiators.newInstance(constructor);
          made.clear(); // An anonymous subclass may have filled it.
          return made;
        });
  }

  @Override
  public void write(Kryo kryo, Output output, Collection<@Nullable Object> collection) {
    writeElements(kryo, output, collection.toArray());
  }

  @Override
  public Collection<@Nullable Object> read(
      Kryo kryo, Input input, Class<? extends Collection<@Nullable Object>> type) {
    int size = ((FrameInput) input).readLength(1);
    Collection<@Nullable Object> collection = make(kryo, input, size);
    kryo.reference(collection);
    boolean hashes = collection instanceof Set;
    for (int i = 0; i < size; i++) {
      Object element = kryo.readClassAndObject(input);
      if (hashes) {
        ((CodecKryo) kryo).hashesLast();
      }
      collection.add(element);
    }
    return collection;
  }

  Collection<@Nullable Object> make(Kryo kryo, Input input, int size) {
    return (Collection<@Nullable Object>) maker.apply(size);
  }

  static void writeElements(Kryo kryo, Output output, @Nullable Object[] elements) {
    output.writeVarInt(elements.length, true);
    for (int i = 0; i < elements.length; i++) {
      try {
        kryo.writeClassAndObject(output, elements[i]);
      } catch (RuntimeException e) {
        throw EncodeRefusal.at("[" + i + "]", elements[i], e);
      }
    }
  }

  static @Nullable Object[] readElements(Kryo kryo, Input input) {
    return readElements(kryo, input, false);
  }

  /**
   * @param hashes whether the elements will go into a hash table
   */
  static @Nullable Object[] readElements(Kryo kryo, Input input, boolean hashes) {
    @Nullable Object[] elements = new @Nullable Object[((FrameInput) input).readLength(1)];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = kryo.readClassAndObject(input);
      if (hashes) {
        ((CodecKryo) kryo).hashesLast();
      }
    }
    return elements;
  }

  /** A collection that copies itself whenever it is added to. */
  static final class CopyOnWrite extends CollectionSerializer {
    private final int mostDistrusted;

    /**
     * @param mostDistrusted so many elements from a distrusted side at most: each is compared with
     *     all others
     */
    CopyOnWrite(IntFunction<? extends Collection<?>> maker, int mostDistrusted) {
      super(maker);
      this.mostDistrusted = mostDistrusted;
    }

    @Override
    public Collection<@Nullable Object> read(
        Kryo kryo, Input input, Class<? extends Collection<@Nullable Object>> type) {
      Collection<@Nullable Object> collection = make(kryo, input, 0);
      kryo.reference(collection);
      @Nullable Object[] elements = readElements(kryo, input, collection instanceof Set);
      if (elements.length > mostDistrusted && ((CodecKryo) kryo).budget() != null) {
        throw new KryoException(
            elements.length + " elements are too many for a " + type.getName() + " in a result");
      }
      collection.addAll(Arrays.asList(elements));
      return collection;
    }
  }

  /** A collection with a comparator, written after the size. */
  static final class Sorted extends CollectionSerializer {
    private final Function<Collection<?>, @Nullable Comparator<?>> comparator;
    private final Function<@Nullable Comparator<Object>, Collection<?>> sortedMaker;

    Sorted(
        Function<Collection<?>, @Nullable Comparator<?>> comparator,
        Function<@Nullable Comparator<Object>, Collection<?>> sortedMaker) {
      super(
          size -> {
            throw new KryoException("A sorted collection needs its comparator");
          });
      this.comparator = comparator;
      this.sortedMaker = sortedMaker;
    }

    @Override
    public void write(Kryo kryo, Output output, Collection<@Nullable Object> collection) {
      @Nullable Object[] elements = collection.toArray();
      output.writeVarInt(elements.length, true);
      ComparatorPart.write(kryo, output, comparator.apply(collection));
      for (int i = 0; i < elements.length; i++) {
        try {
          kryo.writeClassAndObject(output, elements[i]);
        } catch (RuntimeException e) {
          throw EncodeRefusal.at("[" + i + "]", elements[i], e);
        }
      }
    }

    @Override
    Collection<@Nullable Object> make(Kryo kryo, Input input, int size) {
      return (Collection<@Nullable Object>) sortedMaker.apply(ComparatorPart.read(kryo, input));
    }
  }

  /** A collection that is made of all its elements at once. */
  static final class Immutable extends Serializer<Collection<@Nullable Object>> {
    private final Function<@Nullable Object[], Collection<?>> maker;

    Immutable(Function<@Nullable Object[], Collection<?>> maker) {
      this.maker = maker;
    }

    @Override
    public void write(Kryo kryo, Output output, Collection<@Nullable Object> collection) {
      CodecKryo codecKryo = (CodecKryo) kryo;
      codecKryo.beginUnfinished(collection);
      writeElements(kryo, output, collection.toArray());
      codecKryo.endUnfinished();
    }

    @Override
    public Collection<@Nullable Object> read(
        Kryo kryo, Input input, Class<? extends Collection<@Nullable Object>> type) {
      return (Collection<@Nullable Object>)
          maker.apply(readElements(kryo, input, Set.class.isAssignableFrom(type)));
    }
  }
}
