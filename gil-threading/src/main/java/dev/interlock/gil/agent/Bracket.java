// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

/**
 * A method of the JDK that blocks, or is right above one that does.
 *
 * @param owner its class, as class files name it
 * @param method its name
 * @param descriptor its descriptor
 */
record Bracket(BlockingKind kind, Shape shape, String owner, String method, String descriptor) {

  /** Which calls it gets. */
  enum Shape {
    /** {@code enter()} at its begin, {@code exit()} at each end. */
    AROUND,
    /** {@code enter()} at its end: the JDK calls it before it blocks. */
    BEFORE,
    /** {@code exit()} at its begin: the JDK calls it after it has blocked, in a finally. */
    AFTER
  }

  String className() {
    return owner.replace('/', '.');
  }

  boolean is(String otherMethod, String otherDescriptor) {
    return method.equals(otherMethod) && descriptor.equals(otherDescriptor);
  }

  @Override
  public String toString() {
    return className() + "." + method + descriptor;
  }
}
