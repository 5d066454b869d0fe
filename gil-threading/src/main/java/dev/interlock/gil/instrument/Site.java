// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

/**
 * One access to shared state in the code of a class.
 *
 * @param className the class that has the code, its internal name
 * @param method the method's name
 * @param descriptor the method's descriptor
 * @param line the source line; 0 when the class file does not tell
 * @param offset the offset of the instruction in the original bytecode
 * @param instruction the instruction: {@code getstatic Counter.num}, {@code iaload}
 * @param kind what it does
 */
public record Site(
    String className,
    String method,
    String descriptor,
    int line,
    int offset,
    String instruction,
    Kind kind) {

  /** What an access does. */
  public enum Kind {
    /** It reads shared state. */
    READ,

    /** It changes shared state. */
    WRITE
  }
}
