// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * One kind of object and what becomes of it.
 *
 * @param stated what to look at where equality does not say it; null where it does
 * @param refusedAt the path, for what is refused; null for what crosses
 * @param hint a part of what the refusal advises
 * @param asResult whether it crosses as the result of a child, too
 */
record CodecCase(
    String name,
    Object value,
    Consumer<Object> stated,
    String refusedAt,
    String hint,
    boolean asResult) {

  /** Arrives equal and of the same class. */
  static CodecCase equal(String name, Object value) {
    return new CodecCase(name, value, null, null, null, true);
  }

  /** Arrives as stated. */
  @SuppressWarnings("unchecked")
  static <T> CodecCase stated(String name, Object value, Consumer<T> check) {
    return new CodecCase(name, value, (Consumer<Object>) (Consumer<?>) check, null, null, true);
  }

  /** Is refused, and the message says where it sits and what to do. */
  static CodecCase refused(String name, Object value, String path, String hint) {
    return new CodecCase(name, value, null, path, hint, false);
  }

  /** Crosses as a part of a task, but a child must not send it back. */
  CodecCase notAsResult() {
    return new CodecCase(name, value, stated, refusedAt, hint, false);
  }

  boolean isRefused() {
    return refusedAt != null;
  }

  void check(Object back) {
    if (stated != null) {
      stated.accept(back);
      return;
    }
    if (value == null) {
      assertThat(back).isNull();
      return;
    }
    assertThat(back.getClass()).isEqualTo(value.getClass());
    assertThat(Arrays.deepEquals(new Object[] {back}, new Object[] {value}))
        .as("%s equals %s", back, value)
        .isTrue();
    if (value instanceof List<?> list) {
      assertThat(new ArrayList<Object>((List<?>) back)).isEqualTo(new ArrayList<Object>(list));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
