// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import dev.interlock.spi.Outcome;
import dev.interlock.spi.Outcomes;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The classes that cross as a number instead of a name. The numbers follow from the order here, so
 * both sides must run the same version.
 */
final class WellKnownClasses {
  static final Class<?> IMMUTABLE_LIST = List.of(1, 2, 3).getClass();
  static final Class<?> IMMUTABLE_SET = Set.of(1, 2, 3).getClass();
  static final Class<?> IMMUTABLE_MAP = Map.of(1, 1, 2, 2).getClass();

  private WellKnownClasses() {}

  /** Those that each task and outcome may consist of. */
  static void register(CodecKryo kryo) {
    kryo.register(LambdaSerializer.Lambda.class, new LambdaSerializer());
    kryo.register(Throwable.class, new ThrowableSerializer());
    kryo.register(Outcome.class, new OutcomeSerializer());
    kryo.register(Outcomes.class, new OutcomesSerializer());
    kryo.register(Class.class, new ValueSerializers.OfClass());
    registerArrays(kryo);
  }

  private static void registerArrays(CodecKryo kryo) {
    Buffers.registerArrays(kryo);
    kryo.register(Object[].class, new ArraySerializer(Object[].class));
    kryo.register(String[].class, new ArraySerializer(String[].class));
  }
}
