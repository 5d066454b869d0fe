// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import com.esotericsoftware.kryo.kryo5.util.MapReferenceResolver;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps shared references shared. It also refuses the one kind of cycle that cannot be rebuilt:
 * through an object that exists only once its content does (a record, an immutable list, a lambda).
 * Kryo by itself would bring such a reference back as null without a word.
 */
@SuppressWarnings("rawtypes") // Kryo's signatures.
final class CodecReferenceResolver extends MapReferenceResolver {
  private final GraphWeights weights = new GraphWeights();
  private final List<Object> unfinished = new ArrayList<>();

  /** From here to {@link #end}, a reference to {@code object} closes a cycle through it. */
  void begin(Object object) {
    unfinished.add(object);
  }

  void end() {
    unfinished.remove(unfinished.size() - 1);
  }

  @Override
  public int getWrittenId(Object object) {
    int id = super.getWrittenId(object);
    if (id != -1) {
      for (int i = unfinished.size() - 1; i >= 0; i--) {
        if (unfinished.get(i) == object) {
          throw new EncodeRefusal(
              TypeNames.of(object),
              "It contains itself, and a "
                  + TypeNames.of(object)
                  + " cannot be rebuilt before its content is: break the cycle.",
              null);
        }
      }
    }
    return id;
  }

  /** Of the objects that are read; kept by who reads them. */
  GraphWeights weights() {
    return weights;
  }

  /** How many objects have been read or begun. */
  int readIds() {
    return readObjects.size();
  }

  @Override
  public int nextReadId(Class type) {
    int id = super.nextReadId(type);
    weights.started(id);
    return id;
  }

  @Override
  public Object getReadObject(Class type, int id) {
    Object object = id < readObjects.size() ? super.getReadObject(type, id) : null;
    if (object == null) {
      throw new KryoException("A reference to an object that is not complete yet");
    }
    weights.referred(id);
    return object;
  }

  @Override
  public void reset() {
    super.reset();
    unfinished.clear();
    weights.reset();
  }
}
