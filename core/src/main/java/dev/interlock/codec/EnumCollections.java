// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link EnumSet} and {@link EnumMap}. Empty ones do not tell which enum they are of, except to a
 * stream of Java serialization, which is therefore asked for it.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // The enum is known at run time only.
final class EnumCollections {
  private EnumCollections() {}

  /** Writes nothing but notes the enum among the classes that it would describe. */
  private static final class EnumProbe extends ObjectOutputStream {
    private @Nullable Class<?> found;

    EnumProbe() throws IOException {
      super(OutputStream.nullOutputStream());
    }

    @Override
    protected void annotateClass(Class<?> type) {
      if (type.isEnum()) {
        found = type;
      }
    }
  }

  private static Class<?> enumOf(Object empty) {
    try (EnumProbe probe = new EnumProbe()) {
      probe.writeObject(empty);
      if (probe.found != null) {
        return probe.found;
      }
    } catch (IOException e) {
      throw EncodeRefusal.unexpected(empty, e);
    }
    throw new EncodeRefusal(TypeNames.of(empty), "It is empty and does not tell of what.", null);
  }

  private static Class readEnum(Kryo kryo, Input input) {
    Class<?> type = ValueSerializers.OfClass.readName(kryo, input);
    if (!type.isEnum()) {
      throw new KryoException(type.getName() + " is no enum");
    }
    return type;
  }

  static final class OfSet extends Serializer<EnumSet> {
    @Override
    public void write(Kryo kryo, Output output, EnumSet set) {
      @Nullable Object[] elements = set.toArray();
      output.writeBoolean(elements.length == 0);
      if (elements.length == 0) {
        ValueSerializers.OfClass.writeName(output, enumOf(set));
      } else {
        CollectionSerializer.writeElements(kryo, output, elements);
      }
    }

    @Override
    public EnumSet read(Kryo kryo, Input input, Class<? extends EnumSet> type) {
      if (input.readBoolean()) {
        return EnumSet.noneOf(readEnum(kryo, input));
      }
      return EnumSet.copyOf((Collection) List.of(CollectionSerializer.readElements(kryo, input)));
    }
  }

  static final class OfMap extends Serializer<EnumMap> {
    @Override
    public void write(Kryo kryo, Output output, EnumMap map) {
      List<@Nullable Object> entries = MapSerializer.snapshot(map);
      output.writeBoolean(entries.isEmpty());
      if (entries.isEmpty()) {
        ValueSerializers.OfClass.writeName(output, enumOf(map));
        return;
      }
      ValueSerializers.OfClass.writeName(
          output, ((Enum<?>) map.keySet().iterator().next()).getDeclaringClass());
      output.writeVarInt(entries.size() / 2, true);
      MapSerializer.writeEntries(kryo, output, entries);
    }

    @Override
    public EnumMap read(Kryo kryo, Input input, Class<? extends EnumMap> type) {
      if (input.readBoolean()) {
        return new EnumMap(readEnum(kryo, input));
      }
      EnumMap map = new EnumMap(readEnum(kryo, input));
      kryo.reference(map);
      MapSerializer.readEntries(
          kryo, input, (Map<Object, Object>) map, ((FrameInput) input).readLength(2));
      return map;
    }
  }
}
