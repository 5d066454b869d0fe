// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;

/**
 * The names of the classes that several graphs use, each written once, behind all of them. Names
 * and not classes: one that cannot be resolved spoils only the graphs that use it.
 */
final class SharedNames {
  private final IdentityHashMap<Class<?>, Integer> indexes = new IdentityHashMap<>();
  private final List<String> names = new ArrayList<>();

  /** The number of a class while graphs are written. */
  int indexOf(Class<?> type) {
    Integer index = indexes.get(type);
    if (index == null) {
      index = names.size();
      indexes.put(type, index);
      names.add(type.getName());
    }
    return index;
  }

  /** The name that has this number while graphs are read. */
  String name(int index) {
    if (index < 0 || index >= names.size()) {
      throw new KryoException("A class that the frame does not name");
    }
    return names.get(index);
  }

  void write(FrameOutput output) {
    output.writeVarInt(names.size(), true);
    names.forEach(output::writeString);
  }

  static SharedNames read(FrameInput input) {
    SharedNames table = new SharedNames();
    for (int i = input.readLength(1); i > 0; i--) {
      table.names.add(Objects.requireNonNullElse(input.readString(), ""));
    }
    return table;
  }
}
