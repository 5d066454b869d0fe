// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Kryo;
import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.Serializer;
import com.esotericsoftware.kryo.kryo5.io.Input;
import com.esotericsoftware.kryo.kryo5.objenesis.instantiator.ObjectInstantiator;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kryo as the codec needs it: any class without registration, the choice of serializers ours,
 * references on. Generic type parameters are not trusted (a {@code List<String>} may hold
 * anything).
 */
@SuppressWarnings({"rawtypes", "unchecked"}) // Kryo's signatures.
final class CodecKryo extends Kryo {
  private final CodecClassResolver classResolver;
  private final CodecReferenceResolver referenceResolver;
  private final ClassNames names;
  private final TaskCodec codec;

  private @Nullable DecodeBudget budget;
  private @Nullable String restriction;
  private int levels = Integer.MAX_VALUE;

  /** The throwables being written, in this frame and in those around it. */
  private Set<Throwable> openThrowables = Collections.newSetFromMap(new IdentityHashMap<>());

  CodecKryo(TaskCodec codec, ClassNames names) {
    this(codec, names, new CodecClassResolver(names), new CodecReferenceResolver());
  }

  private CodecKryo(
      TaskCodec codec,
      ClassNames names,
      CodecClassResolver classResolver,
      CodecReferenceResolver referenceResolver) {
    super(classResolver, referenceResolver);
    this.codec = codec;
    this.names = names;
    this.classResolver = classResolver;
    this.referenceResolver = referenceResolver;
    setRegistrationRequired(false);
    setOptimizedGenerics(false);
    setClassLoader(names.loader());
    WellKnownClasses.register(this);
    classResolver.completeLater();
  }

  ClassNames names() {
    return names;
  }

  TaskCodec codec() {
    return codec;
  }

  Set<Throwable> openThrowables() {
    return openThrowables;
  }

  void joinOpenThrowables(Set<Throwable> surrounding) {
    openThrowables = surrounding;
  }

  void shareNames(@Nullable SharedNames table) {
    classResolver.share(table);
  }

  ClassPolicy policy() {
    return names.policy();
  }

  /** From now on, only data is written; {@code setting} is what to set instead. */
  void restrict(@Nullable String setting) {
    restriction = setting;
  }

  @Nullable String restriction() {
    return restriction;
  }

  /** Refuses what the other side would not decode. */
  void refuseUnlessTrusted(String leaf, String kind) {
    String setting = restriction;
    if (setting != null) {
      throw new EncodeRefusal(
          leaf,
          kind
              + " is not accepted in a result from another process: return data, or set "
              + setting
              + " = [\"**\"] if you trust all that your tasks run.",
          null);
    }
  }

  /** What reading may cost; null where the other side is trusted. */
  @Nullable DecodeBudget budget() {
    return budget;
  }

  /** How many levels deeper reading may go. */
  int levelsLeft() {
    return levels - getDepth();
  }

  /** From now on, reading is bounded, and stays so many levels deep at most. */
  void bound(@Nullable DecodeBudget limits, int mostLevels) {
    budget = limits;
    levels = limits == null ? Integer.MAX_VALUE : mostLevels;
    setMaxDepth(levels);
  }

  /** The object that was read last is about to go into a hash table. */
  void hashesLast() {
    if (budget != null) {
      budget.hash(referenceResolver.weights().ofLast());
    }
  }

  @Override
  public @Nullable Object readClassAndObject(Input input) {
    if (budget == null) {
      return super.readClassAndObject(input);
    }
    budget.object();
    GraphWeights weights = referenceResolver.weights();
    long surrounding = weights.begin();
    int id = referenceResolver.readIds();
    Object object = super.readClassAndObject(input);
    weights.end(surrounding, id, referenceResolver.readIds());
    return object;
  }

  @Override
  public <T> @Nullable T readObjectOrNull(Input input, Class<T> type, Serializer serializer) {
    if (budget == null) {
      return super.readObjectOrNull(input, type, serializer);
    }
    budget.object();
    GraphWeights weights = referenceResolver.weights();
    long surrounding = weights.begin();
    int id = referenceResolver.readIds();
    T object = super.readObjectOrNull(input, type, serializer);
    weights.end(surrounding, id, referenceResolver.readIds());
    return object;
  }

  /** Marks an object that cannot be referred to until all of its content is read. */
  void beginUnfinished(Object object) {
    referenceResolver.begin(object);
  }

  void endUnfinished() {
    referenceResolver.end();
  }

  @Override
  public Registration getRegistration(Class type) {
    Registration registration = classResolver.getRegistration(type);
    if (registration == null) {
      Class<?> alias = ClassAliases.of(type);
      if (alias == type) {
        registration = classResolver.registerImplicit(type);
      } else {
        registration = getRegistration(alias);
        classResolver.alias(type, registration);
      }
    }
    return registration;
  }

  @Override
  public Serializer getDefaultSerializer(Class type) {
    return SerializerChoice.choose(this, type);
  }

  /** Kryo's own choice, for the types that it serves well. */
  Serializer kryoSerializer(Class<?> type) {
    return super.getDefaultSerializer(type);
  }

  @Override
  protected ObjectInstantiator newInstantiator(Class type) {
    return Instantiators.of(type);
  }
}
