// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.NotShareableException;
import dev.interlock.codec.TaskCodec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way into an interpreter: as it is where both sides can have it, else encoded.
 *
 * <p>Direct: null, strings, boxed primitives, byte arrays (copied), direct byte buffers (a view of
 * the same memory), handles of interpreters. Shareable: these, and records and immutable lists of
 * shareables, which are built anew under the receiver's loader.
 */
final class Crossing {
  private final @Nullable Object direct;
  private final byte @Nullable [] encoded;

  private Crossing(@Nullable Object direct, byte @Nullable [] encoded) {
    this.direct = direct;
    this.encoded = encoded;
  }

  /**
   * Takes a value on the sender's side; what happens to it afterwards does not matter any more.
   *
   * @throws NotShareableException if it cannot be encoded
   */
  static Crossing of(@Nullable Object value, TaskCodec sender) {
    return isDirect(value)
        ? new Crossing(copyDirect(value), null)
        : new Crossing(null, sender.encode(value));
  }

  /** The value on the receiver's side. */
  @Nullable Object arrive(TaskCodec receiver) {
    return encoded == null ? direct : receiver.decode(encoded);
  }

  static boolean isDirect(@Nullable Object value) {
    return value == null
        || value instanceof String
        || value instanceof Integer
        || value instanceof Long
        || value instanceof Double
        || value instanceof Boolean
        || value instanceof byte[]
        || value instanceof Character
        || value instanceof Float
        || value instanceof Short
        || value instanceof Byte
        || (value instanceof ByteBuffer buffer && buffer.isDirect())
        || value instanceof Interpreter;
  }

  static @Nullable Object copyDirect(@Nullable Object value) {
    if (value instanceof byte[] bytes) {
      return bytes.clone();
    }
    if (value instanceof ByteBuffer buffer) {
      return buffer.duplicate().order(buffer.order());
    }
    return value;
  }

  /**
   * Checks that a value is shareable, to its depth.
   *
   * @throws NotShareableException if it is not; it names the path
   */
  static void requireShareable(String path, @Nullable Object value) {
    if (value == null || isDirect(value)) {
      return;
    }
    if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        requireShareable(path + "." + component.getName(), valueOf(component, value, path));
      }
    } else if (value instanceof List<?> list && isImmutable(list)) {
      for (int i = 0; i < list.size(); i++) {
        requireShareable(path + "[" + i + "]", list.get(i));
      }
    } else {
      throw new NotShareableException(
          path + ": " + value.getClass().getName(),
          "Only strings, boxed primitives, byte arrays, direct byte buffers, interpreters, and"
              + " records and List.of of these are shareable. Pass other objects to call.",
          null);
    }
  }

  private static @Nullable Object valueOf(RecordComponent component, Object owner, String path) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(owner);
    } catch (IllegalAccessException | InvocationTargetException | RuntimeException e) {
      throw new NotShareableException(
          path + "." + component.getName() + ": " + component.getType().getName(),
          "It cannot be read: " + e,
          e);
    }
  }

  private static boolean isImmutable(List<?> list) {
    return list.getClass().getName().startsWith("java.util.ImmutableCollections");
  }
}
