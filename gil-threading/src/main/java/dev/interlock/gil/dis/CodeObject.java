// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import dev.interlock.gil.instrument.SwitchPoints;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A method and its bytecode, as Python's {@code dis} sees a function. Immutable.
 *
 * @param className the class that declares it
 * @param name its name; {@code <init>} for a constructor, {@code <clinit>} for a class initializer
 * @param descriptor its parameter types and result, as class files have them
 * @param sourceFile the name of the source file; null if the class file does not say
 * @param body whether there is bytecode
 * @param instructions in the order of the code; empty if there is no bytecode
 * @param handlers the exception table
 * @param nested the bodies of its lambdas, in the order in which it makes them
 * @param note what there is to say about switch points besides the marks; null if nothing
 */
public record CodeObject(
    String className,
    String name,
    String descriptor,
    @Nullable String sourceFile,
    Body body,
    List<Instruction> instructions,
    List<Handler> handlers,
    List<CodeObject> nested,
    @Nullable String note) {

  /** What a method consists of. */
  public enum Body {
    /** Instructions of the JVM. */
    BYTECODE,
    /** A function of a native library: there is nothing to show. */
    NATIVE,
    /** Nothing: what runs is in a class that implements it. */
    ABSTRACT
  }

  /**
   * Where an exception leads.
   *
   * @param start the first offset that is covered
   * @param end the first one that is not covered any more
   * @param handler the offset where execution goes on
   * @param type the exception's class; null: any
   */
  public record Handler(int start, int end, int handler, @Nullable String type) {}

  /** Copies the lists. */
  public CodeObject {
    instructions = List.copyOf(instructions);
    handlers = List.copyOf(handlers);
    nested = List.copyOf(nested);
  }

  /** {@code com.acme.Bar#baz(int,String)}: the form that {@link Disassembler} understands. */
  public String target() {
    return className + "#" + name + TypeNames.parameters(descriptor);
  }

  /**
   * The listing for a terminal, at most 80 columns wide; every line ends with a line break.
   *
   * <pre>
   * Counter#increment(), Counter.java
   *
   *   9 CF    0 getstatic #7 (Counter.num: int)
   *           3 iconst_1
   *           4 iadd
   *      F    5 putstatic #7 (Counter.num: int)
   *
   *  10       8 return
   * </pre>
   */
  public String text() {
    return TextListing.of(this, EnumSet.of(SwitchPoints.COARSE, SwitchPoints.FINE));
  }

  /** The same, but only the switch points of one mode are marked. */
  public String text(SwitchPoints mode) {
    return TextListing.of(this, EnumSet.of(mode));
  }
}
