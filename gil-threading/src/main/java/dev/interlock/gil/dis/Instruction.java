// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import org.jspecify.annotations.Nullable;

/**
 * One instruction of a method. Immutable.
 *
 * @param line the source line it belongs to; null if the class file does not say
 * @param startsLine whether it is the first of its source line, or the line comes back to it after
 *     another one
 * @param offset in bytes from the start of the method's code
 * @param mnemonic its name in the JVM's specification
 * @param operands as in the class file: {@code #7} is the number of a constant, {@code +12} a
 *     distance in bytes; empty if there are none
 * @param meaning what the operands mean: {@code Counter.num: int}, {@code to 17}; empty if they
 *     mean nothing else
 * @param jumpTarget whether a jump, a switch or an exception can lead here
 * @param coarse whether the interpreter lock can change hands right before it in coarse mode
 * @param fine the same in fine mode
 */
public record Instruction(
    @Nullable Integer line,
    boolean startsLine,
    int offset,
    String mnemonic,
    String operands,
    String meaning,
    boolean jumpTarget,
    boolean coarse,
    boolean fine) {}
