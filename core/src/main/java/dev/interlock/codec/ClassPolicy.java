// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

/** Which classes may be named by what a codec decodes. Thread-safe. */
interface ClassPolicy {

  /** Whether a class of this name, or a kind of content, may be decoded. Loads nothing. */
  boolean admits(String name);

  /** Whether an exception of this class may be rebuilt, past all of its constructors. */
  default boolean admitsThrowable(String name) {
    return admits(name);
  }

  /** The message for a name that is not admitted. */
  default String refusal(String name) {
    return "The class " + name + " is not allowed here";
  }

  /** This side has encoded an object of the class, or a lambda that the class made. */
  default void sent(String name) {}

  /** Whether whoever encodes may mean harm: then decoding is bounded in memory, time and depth. */
  default boolean distrusts() {
    return false;
  }
}
