// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.util.DefaultClassResolver;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Kryo's class resolver with three differences: names are resolved by {@link ClassNames} alone, a
 * class that has an alias is written as its alias, and several graphs can share the names that they
 * use ({@link SharedNames}).
 */
@SuppressWarnings("rawtypes") // Kryo's signatures.
final class CodecClassResolver extends DefaultClassResolver {
  private final ClassNames names;
  private final IdentityHashMap<Class<?>, Registration> byAlias = new IdentityHashMap<>();

  /** Where names go, if not into the graph that is written or read. */
  private @Nullable SharedNames shared;

  /** Whether {@link WellKnownValues} are still to be registered. */
  private boolean incomplete;

  private int firstOfRest = Integer.MAX_VALUE;

  CodecClassResolver(ClassNames names) {
    this.names = names;
  }

  /**
   * {@link WellKnownValues} are registered when a class is met that is not among those known by
   * now.
   */
  void completeLater() {
    incomplete = true;
    firstOfRest = kryo.getNextRegistrationId();
  }

  private boolean complete() {
    if (!incomplete) {
      return false;
    }
    incomplete = false;
    WellKnownValues.register((CodecKryo) kryo);
    return true;
  }

  @Override
  public @Nullable Registration getRegistration(Class type) {
    Registration registration = super.getRegistration(type);
    if (registration == null && complete()) {
      registration = super.getRegistration(type);
    }
    return registration != null ? registration : byAlias.get(type);
  }

  @Override
  public @Nullable Registration readClass(Input input) {
    if (incomplete) {
      int start = input.position();
      int number = input.readVarInt(true) - 2;
      input.setPosition(start);
      if (number >= firstOfRest) {
        complete();
      }
    }
    return super.readClass(input);
  }

  void alias(Class<?> type, Registration registration) {
    byAlias.put(type, registration);
  }

  void share(@Nullable SharedNames table) {
    shared = table;
  }

  @Override
  protected void writeName(Output output, Class type, Registration registration) {
    names.policy().sent(ClassNames.elementName(registration.getType().getName()));
    if (shared == null) {
      super.writeName(output, registration.getType(), registration);
    } else {
      output.writeVarInt(NAME + 2, true);
      output.writeVarInt(shared.indexOf(registration.getType()), true);
    }
  }

  @Override
  protected Registration readName(Input input) {
    return shared == null
        ? super.readName(input)
        : kryo.getRegistration(names.resolve(shared.name(input.readVarInt(true))));
  }

  @Override
  protected Class getTypeByName(String className) {
    return names.resolve(className);
  }
}
