// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.NotShareableException;
import dev.interlock.codec.TaskCodec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What crosses between interpreters without the codec, deeply: null, boxed primitives, texts, byte
 * arrays (copied), direct byte buffers (the memory is shared), handles of interpreters and of
 * queues, and records and immutable lists of these. An immutable list is one of {@code List.of},
 * {@code List.copyOf} or {@code Stream.toList}. A record arrives as one of the receiver's class of
 * that name.
 *
 * <p>The one set of rules for all ways in and out: {@link Interpreter#prepareMain}, {@link
 * Interpreter#get}, arguments and results of calls, and items of queues.
 */
final class Shareable {
  /** In memory, content is never written out as bytes. */
  private static final int ALL_BESIDE = 0;

  /** Can never change, and is of no interpreter's class. */
  private static final Set<Class<?>> CONSTANT =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Double.class,
          Boolean.class,
          Byte.class,
          Short.class,
          Character.class,
          Float.class,
          Interpreter.class,
          InterpreterQueue.class);

  private Shareable() {}

  /** Whether a value crosses without the codec; false if an accessor of a record throws. */
  static boolean isShareable(@Nullable Object value) {
    try {
      return obstacle(value, 0) == null;
    } catch (NotShareableException e) {
      return false;
    }
  }

  /**
   * Makes a shareable value ready for another interpreter; later changes of byte arrays do not
   * reach it.
   *
   * @param name what the path begins with
   * @throws NotShareableException if it is not shareable; it names the path
   */
  static Parcel pack(String name, @Nullable Object value) {
    Parcel parcel = packed(value);
    if (parcel == null) {
      throw new NotShareableException(
          name + obstacle(value, 0),
          "Shareable are null, boxed primitives, texts, byte arrays, direct byte buffers,"
              + " interpreters, queues, and records and immutable lists (List.of, List.copyOf) of"
              + " these. Make it one of them, or pass it to call, which copies it.",
          null);
    }
    return parcel;
  }

  /**
   * Makes any value ready for another interpreter: encoded, if it is not shareable.
   *
   * @throws NotShareableException if it cannot be encoded; it names the path
   */
  static Parcel packOrEncode(@Nullable Object value, TaskCodec sender) {
    Parcel parcel = packed(value);
    return parcel != null ? parcel : Parcel.ofFrame(sender.encode(value));
  }

  /**
   * {@link #pack} that gives null for what is not shareable.
   *
   * @throws NotShareableException if an accessor of a record throws
   */
  static @Nullable Parcel packed(@Nullable Object value) {
    if (value == null || CONSTANT.contains(value.getClass())) {
      return Parcel.ofConstant(value);
    }
    ParcelWriter writer = new ParcelWriter(ALL_BESIDE);
    return writer.write(value) ? writer.parcel(0, value) : null;
  }

  /** The path to the first part that is not shareable, and its class; null if there is none. */
  private static @Nullable String obstacle(@Nullable Object value, int depth) {
    if (value == null
        || CONSTANT.contains(value.getClass())
        || value instanceof byte[]
        || (value instanceof ByteBuffer buffer && buffer.isDirect())) {
      return null;
    }
    if (depth < ParcelWriter.MAX_DEPTH) {
      if (ParcelWriter.isImmutableList(value.getClass())) {
        return obstacle((List<?>) value, depth);
      }
      RecordForm form = value instanceof Record ? RecordForm.of(value.getClass()) : null;
      if (form != null) {
        return obstacle(value, form, depth);
      }
    }
    return ": " + value.getClass().getName();
  }

  private static @Nullable String obstacle(List<?> list, int depth) {
    for (int i = 0; i < list.size(); i++) {
      String found = obstacle(list.get(i), depth + 1);
      if (found != null) {
        return "[" + i + "]" + found;
      }
    }
    return null;
  }

  private static @Nullable String obstacle(Object value, RecordForm form, int depth) {
    for (int i = 0; i < form.size(); i++) {
      String found = obstacle(form.get(value, i), depth + 1);
      if (found != null) {
        return "." + form.component(i) + found;
      }
    }
    return null;
  }
}
