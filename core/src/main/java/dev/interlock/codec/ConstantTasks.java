// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one codec that are nothing but their class: lambdas and method references whose
 * class has no field. Each is encoded once, and decoded once, as CPython sends a function by its
 * name. Without a field there is no state that two runs could share, and {@code
 * $deserializeLambda$} itself returns the same object each time.
 *
 * <p>What a class is encoded as hangs on the class, by a {@link ClassValue}, and in types of the
 * JDK only: so neither keeps the other from being collected. Thread-safe; work may be done twice.
 */
final class ConstantTasks {
  /** In a capsule's first byte: the capsule is one of these. */
  private static final byte MARK = 2;

  /** What is decoded is kept up to so many; then all of them are decoded anew. */
  private static final int MOST_DECODED = 1_024;

  private final ClassValue<AtomicReference<byte @Nullable []>> capsules =
      new ClassValue<>() {
        @Override
        protected AtomicReference<byte @Nullable []> computeValue(Class<?> type) {
          return isLambdaWithoutFields(type) ? new AtomicReference<>() : NONE;
        }
      };

  private static final AtomicReference<byte @Nullable []> NONE = new AtomicReference<>();

  private final Map<ByteBuffer, Callable<?>> decoded = new ConcurrentHashMap<>();
  private volatile @Nullable Decoded last;

  @SuppressWarnings("ArrayRecordComponent") // not compared
  private record Decoded(byte[] capsule, Callable<?> task) {}

  private static boolean isLambdaWithoutFields(Class<?> type) {
    return ClassKinds.isLambda(type)
        && !ClassKinds.isJdk(type)
        && type.getSuperclass() == Object.class
        && type.getDeclaredFields().length == 0;
  }

  boolean isConstant(Class<?> type) {
    return capsules.get(type) != NONE;
  }

  static byte marked(byte kind) {
    return (byte) (kind | MARK);
  }

  static boolean isMarked(byte kind) {
    return (kind & MARK) != 0;
  }

  /**
   * The capsule of a task that is constant; not to be changed.
   *
   * @param encoding what it is, if that is not known yet
   */
  byte[] capsule(Callable<?> task, Supplier<byte[]> encoding) {
    AtomicReference<byte @Nullable []> slot = capsules.get(task.getClass());
    byte[] known = slot.getAcquire();
    if (known == null) {
      known = encoding.get();
      slot.setRelease(known);
    }
    return known;
  }

  /** The task of a capsule that is marked. */
  @Nullable Callable<?> task(byte[] capsule, Supplier<@Nullable Callable<?>> decoding) {
    Decoded before = last;
    if (before != null && Arrays.equals(before.capsule, capsule)) {
      return before.task;
    }
    ByteBuffer key = ByteBuffer.wrap(capsule);
    Callable<?> task = decoded.get(key);
    if (task == null) {
      task = decoding.get();
      if (task == null) {
        return null;
      }
      if (decoded.size() >= MOST_DECODED) {
        decoded.clear();
      }
      decoded.put(key, task);
    }
    last = new Decoded(capsule, task);
    return task;
  }
}
