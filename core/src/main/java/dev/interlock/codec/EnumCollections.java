// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@link EnumSet} and {@link EnumMap}. Empty ones do not tell which enum they are of, except by
 * Java serialization.
 */
@SuppressWarnings({"unchecked", "rawtypes"}) // The enum is known at run time only.
final class EnumCollections {
  private EnumCollections() {}

  static final class OfSet extends Serializer<EnumSet> {
    private final JavaSerializer empty = new JavaSerializer();

    @Override
    public void write(Kryo kryo, Output output, EnumSet set) {
      @Nullable Object[] elements = set.toArray();
      output.writeBoolean(elements.length == 0);
      if (elements.length == 0) {
        empty.write(kryo, output, set);
      } else {
        CollectionSerializer.writeElements(kryo, output, elements);
      }
    }

    @Override
    public EnumSet read(Kryo kryo, Input input, Class<? extends EnumSet> type) {
      if (input.readBoolean()) {
        return (EnumSet) empty.read(kryo, input, type);
      }
      return EnumSet.copyOf((Collection) List.of(CollectionSerializer.readElements(kryo, input)));
    }
  }

  static final class OfMap extends Serializer<EnumMap> {
    private final JavaSerializer empty = new JavaSerializer();

    @Override
    public void write(Kryo kryo, Output output, EnumMap map) {
      List<@Nullable Object> entries = MapSerializer.snapshot(map);
      output.writeBoolean(entries.isEmpty());
      if (entries.isEmpty()) {
        empty.write(kryo, output, map);
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
        return (EnumMap) empty.read(kryo, input, type);
      }
      EnumMap map = new EnumMap(ValueSerializers.OfClass.readName(kryo, input));
      kryo.reference(map);
      MapSerializer.readEntries(
          kryo, input, (Map<Object, Object>) map, ((FrameInput) input).readLength(2));
      return map;
    }
  }
}
