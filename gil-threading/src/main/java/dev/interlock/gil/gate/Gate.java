// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.gate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * The way from the interpreter lock to {@code java.lang.InterlockGate}. There is one gate in a JVM,
 * or none when no agent was loaded.
 *
 * @param breaker the static field that checks look at
 * @param hook the static field that holds who acts
 * @param counter the static field that holds who counts bytecodes
 */
public record Gate(VarHandle breaker, VarHandle hook, VarHandle counter) {
  /** The name under which instrumented code sees the gate. */
  public static final String CLASS_NAME = "java.lang.InterlockGate";

  /** The same, as class files have it. */
  public static final String INTERNAL_NAME = "java/lang/InterlockGate";

  /** The part of the breaker that counts drop requests. */
  public static final int REQUESTS = 0xFFFF;

  /** One thread that runs without the lock that its task needs, in the breaker. */
  public static final int ONE_STRAY = 1 << 16;

  // Events; a number that is not negative is the site of an access, in fine mode.

  /** A back-edge. */
  public static final int LOOP = -1;

  /** Any other check. */
  public static final int CHECK = -2;

  /** Where a lock may have been lost, but none is to be handed over. */
  public static final int RETAKE = -8;

  /** An exception has been caught. */
  public static final int CAUGHT = -7;

  /** A blocking call begins. */
  public static final int ENTER = -3;

  /** A blocking call has ended. */
  public static final int EXIT = -4;

  /** A class initializer begins. */
  public static final int ENTER_INITIALIZER = -5;

  /** A class initializer has ended. */
  public static final int EXIT_INITIALIZER = -6;

  /** The gate of this JVM; empty when no agent has defined it. */
  public static Optional<Gate> find() {
    try {
      Class<?> gate = Class.forName(CLASS_NAME, true, null);
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      return Optional.of(
          new Gate(
              lookup.findStaticVarHandle(gate, "breaker", int.class),
              lookup.findStaticVarHandle(gate, "hook", IntConsumer.class),
              lookup.findStaticVarHandle(gate, "counter", IntConsumer.class)));
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(CLASS_NAME + " is there but is not a gate of this version", e);
    }
  }
}
