// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

/**
 * Which classes have checks of their own. A call into any other class gets a check behind it. Asked
 * by many threads, in the middle of class loading: it must not block or load classes.
 */
@FunctionalInterface
public interface CodeFilter {
  /**
   * Whether calls into that class reach code with checks; false for the JDK and for what is
   * excluded.
   *
   * @param internalName as class files have it: {@code java/lang/String}
   */
  boolean isInstrumented(String internalName);
}
