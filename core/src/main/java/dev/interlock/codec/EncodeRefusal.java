// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.KryoException;
import dev.interlock.NotShareableException;
import org.jspecify.annotations.Nullable;

/**
 * Something in the graph cannot be encoded. On its way out each level prepends its segment, so that
 * the root can tell the whole path.
 */
final class EncodeRefusal extends KryoException {
  private static final long serialVersionUID = 1L;

  /** Starts a segment that reads as a sentence of its own, such as a lambda's. */
  static final String ARROW = " -> ";

  private final String leaf;
  private final String hint;
  private final StringBuilder path = new StringBuilder();

  EncodeRefusal(String leaf, String hint, @Nullable Throwable cause) {
    super(leaf, cause);
    this.leaf = leaf;
    this.hint = hint;
  }

  /** The same failure seen from one level further out. */
  EncodeRefusal within(String segment) {
    path.insert(0, segment);
    return this;
  }

  /** Turns whatever writing {@code value} threw into a refusal seen from {@code segment}. */
  static EncodeRefusal at(String segment, @Nullable Object value, RuntimeException thrown) {
    if (thrown instanceof EncodeRefusal refusal) {
      return refusal.within(segment);
    }
    return unexpected(value, thrown).within(segment);
  }

  static EncodeRefusal unexpected(@Nullable Object value, Throwable thrown) {
    Throwable origin =
        thrown instanceof KryoException && thrown.getCause() != null ? thrown.getCause() : thrown;
    return new EncodeRefusal(
        TypeNames.of(value), "Reading it failed with " + TypeNames.brief(origin) + ".", origin);
  }

  NotShareableException toNotShareable(@Nullable Object root) {
    String where = path.toString();
    if (where.startsWith(ARROW)) {
      where = where.substring(ARROW.length());
    } else if (!where.isEmpty()) {
      where = TypeNames.root(root) + where;
    }
    return new NotShareableException(
        where.isEmpty() ? leaf : where + ": " + leaf, hint, getCause());
  }

  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized") // Nothing is filled in.
  public Throwable fillInStackTrace() {
    return this; // The path says where; the NotShareableException made of it has the stack.
  }
}
