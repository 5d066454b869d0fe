// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import dev.interlock.UndecodableException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one codec that are nothing but their class: lambdas and method references whose
 * class has no field. Each is encoded once, as a {@link NamedLambda}, and made once, as CPython
 * sends a function by its name. Without a field there is no state that two runs could share, and
 * {@code $deserializeLambda$} itself returns the same object each time.
 *
 * <p>What a class is encoded as hangs on the class, by a {@link ClassValue}, and in types of the
 * JDK only: so neither keeps the other from being collected. Thread-safe; work may be done twice.
 */
final class ConstantTasks {
  /** In a capsule's first byte: the capsule is one of these. */
  private static final byte MARK = 2;

  /** Those that have come are known up to so many; then all of them are decoded anew. */
  private static final int MOST_KNOWN = 1_024;

  private final ClassValue<AtomicReference<byte @Nullable []>> capsules =
      new ClassValue<>() {
        @Override
        protected AtomicReference<byte @Nullable []> computeValue(Class<?> type) {
          return isLambdaWithoutFields(type) ? new AtomicReference<>() : Other.NONE;
        }
      };

  /** Apart: who only decodes does without. */
  private static final class Other {
    static final AtomicReference<byte @Nullable []> NONE = new AtomicReference<>();
  }

  private final ClassLoader loader;
  private final ClassPolicy policy;
  private final Map<ByteBuffer, Callable<?>> decoded = new ConcurrentHashMap<>();

  /** Those that have come once. */
  private final Map<ByteBuffer, Boolean> met = new ConcurrentHashMap<>();

  private volatile @Nullable Decoded last;

  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Decoded(byte[] capsule, Callable<?> task) {}

  ConstantTasks(ClassLoader loader, ClassPolicy policy) {
    this.loader = loader;
    this.policy = policy;
  }

  private static boolean isLambdaWithoutFields(Class<?> type) {
    return ClassKinds.isLambda(type)
        && !ClassKinds.isJdk(type)
        && type.getSuperclass() == Object.class
        && type.getDeclaredFields().length == 0;
  }

  boolean isConstant(Class<?> type) {
    return capsules.get(type) != Other.NONE;
  }

  static boolean isMarked(byte kind) {
    return (kind & MARK) != 0;
  }

  /**
   * The capsule of a task that is constant; not to be changed. Null if it does not say of what it
   * consists, because it is not serializable.
   *
   * @param kind its first byte, without the mark
   */
  byte @Nullable [] capsule(Callable<?> task, byte kind) {
    AtomicReference<byte @Nullable []> slot = capsules.get(task.getClass());
    byte[] known = slot.getAcquire();
    if (known == null && task instanceof Serializable) {
      NamedLambda lambda;
      try {
        lambda = NamedLambda.of(LambdaSerializer.formOf(task));
      } catch (KryoException e) {
        return null; // Kryo fails too, and says why
      }
      policy.sent(lambda.capturing().replace('/', '.'));
      policy.sent(lambda.implementor().replace('/', '.'));
      known = lambda.toBytes((byte) (kind | MARK));
      slot.setRelease(known);
    }
    return known;
  }

  /**
   * The task of a capsule that is marked. The first time, it is the call of a lambda's body: a new
   * process has answered by then, where it would still be making the lambda's class.
   *
   * @throws UndecodableException if the bytes are damaged, or a class is missing or not allowed
   */
  Callable<?> task(byte[] capsule) {
    Decoded before = last;
    if (before != null && Arrays.equals(before.capsule, capsule)) {
      return before.task;
    }
    ByteBuffer key = ByteBuffer.wrap(capsule);
    Callable<?> task = decoded.get(key);
    if (task == null) {
      if (met.size() >= MOST_KNOWN) {
        decoded.clear();
        met.clear();
      }
      boolean first = met.putIfAbsent(key, true) == null;
      task = decode(capsule, first);
      if (first) {
        return task;
      }
      decoded.put(key, task);
    }
    last = new Decoded(capsule, task);
    return task;
  }

  private Callable<?> decode(byte[] capsule, boolean once) {
    try {
      NamedLambda lambda = NamedLambda.read(capsule);
      ClassNames names = new ClassNames(loader, policy);
      Callable<?> direct = once ? lambda.direct(names) : null;
      return direct == null ? (Callable<?>) lambda.make(names) : direct;
    } catch (IOException | RuntimeException | LinkageError e) {
      throw Coder.undecodable(capsule.length, e);
    }
  }
}
