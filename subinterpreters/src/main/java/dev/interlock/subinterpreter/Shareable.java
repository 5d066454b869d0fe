// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.NotShareableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What crosses between interpreters without the codec, deeply: null, boxed primitives, texts, byte
 * arrays (copied), direct byte buffers (the memory is shared), queue handles, and records and
 * immutable lists of these. An immutable list is one of {@code List.of}, {@code List.copyOf} or
 * {@code Stream.toList}. A record arrives as one of the receiver's class of that name.
 */
final class Shareable {
  private static final int BESIDE_ABOVE_BYTES = 4 << 10;

  private static final Set<Class<?>> PLAIN =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Double.class,
          Boolean.class,
          byte[].class,
          Byte.class,
          Short.class,
          Character.class,
          Float.class);

  private Shareable() {}

  /** Whether a value crosses without the codec. */
  static boolean isShareable(@Nullable Object value) {
    return new ParcelWriter(BESIDE_ABOVE_BYTES).write(value);
  }

  /**
   * Makes a shareable value ready for another interpreter; later changes of byte arrays do not
   * reach it.
   *
   * @throws NotShareableException if it is not shareable; it names the path
   */
  static Parcel pack(@Nullable Object value) {
    ParcelWriter writer = new ParcelWriter(BESIDE_ABOVE_BYTES);
    if (!writer.write(value)) {
      throw refusal(value, true);
    }
    return new Parcel(writer.bytes(), 0, writer.length(), writer.attachments());
  }

  /**
   * The value of a parcel, which is used up.
   *
   * @param loader of the interpreter that gets it
   * @throws dev.interlock.UndecodableException if a record's class is not there
   */
  static @Nullable Object unpack(Parcel parcel, ClassLoader loader) {
    return ParcelReader.read(parcel, loader);
  }

  /**
   * Why a value is not shareable.
   *
   * @param beside whether objects may go beside the bytes
   */
  static NotShareableException refusal(@Nullable Object value, boolean beside) {
    String root = value == null ? "null" : value.getClass().getSimpleName();
    String path = obstacle(value, root, beside, 0);
    return new NotShareableException(
        path == null ? root : path,
        "Shareable are null, boxed primitives, texts, byte arrays, direct byte buffers, queues, and"
            + " records and immutable lists (List.of, List.copyOf) of these. Make it one of them.",
        null);
  }

  /** The path to the first part that is not shareable; null if there is none. */
  static @Nullable String obstacle(@Nullable Object value, String path, boolean beside, int depth) {
    if (value == null || PLAIN.contains(value.getClass())) {
      return null;
    }
    if (beside
        && (value instanceof InterpreterQueue
            || (value instanceof ByteBuffer buffer && buffer.isDirect()))) {
      return null;
    }
    if (depth <= ParcelWriter.MAX_DEPTH && ParcelWriter.isImmutableList(value.getClass())) {
      List<?> list = (List<?>) value;
      for (int i = 0; i < list.size(); i++) {
        String found = obstacle(list.get(i), path + "[" + i + "]", beside, depth + 1);
        if (found != null) {
          return found;
        }
      }
      return null;
    }
    RecordForm form = value instanceof Record ? RecordForm.of(value.getClass()) : null;
    if (form == null || depth > ParcelWriter.MAX_DEPTH) {
      return path + ": " + value.getClass().getName();
    }
    for (int i = 0; i < form.size(); i++) {
      String component = path + "." + form.component(i);
      String found = obstacle(form.get(value, i), component, beside, depth + 1);
      if (found != null) {
        return found;
      }
    }
    return null;
  }
}
