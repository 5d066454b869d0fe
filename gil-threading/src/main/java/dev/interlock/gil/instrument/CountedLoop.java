// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * An innermost loop over an {@code int}, as javac writes {@code for (int i = a; i < limit; i +=
 * c)}:
 *
 * <pre>
 *   top:  iload i          (the stack map, if there are any)
 *         limit            (nothing where it is the 0 of an ifge)
 *         if_icmpge exit
 *         body             (no loop, no call but quiet ones, no monitor, no handler)
 *         iinc i, c
 *         goto top
 *   exit:
 * </pre>
 *
 * @param first the position of {@code iload i}
 * @param index which local {@code i} is
 * @param limit what loads the limit, again and again with the same result
 * @param exit the test that leaves the loop
 * @param order how the index compares to the limit while the loop goes on
 * @param step what is added per iteration; 0 if that is a local
 * @param stepLocal which local that is; -1 if it is a constant
 * @param back the jump back
 * @param frame the stack map at the top; null where there are none
 * @param frames the stack maps between the test and the jump back
 * @param mayLoadClass whether the body may load or initialize classes
 */
record CountedLoop(
    int first,
    int index,
    List<AbstractInsnNode> limit,
    JumpInsnNode exit,
    Order order,
    int step,
    int stepLocal,
    JumpInsnNode back,
    @Nullable FrameNode frame,
    List<FrameNode> frames,
    boolean mayLoadClass) {

  /** How the index compares to the limit while a loop goes on. */
  enum Order {
    /** It is less. */
    LESS(true, false),

    /** It is less or equal. */
    LESS_OR_EQUAL(true, true),

    /** It is greater. */
    GREATER(false, false),

    /** It is greater or equal. */
    GREATER_OR_EQUAL(false, true);

    private final boolean up;
    private final boolean inclusive;

    Order(boolean up, boolean inclusive) {
      this.up = up;
      this.inclusive = inclusive;
    }

    /** Whether the index grows. */
    boolean up() {
      return up;
    }

    /** Whether there is an iteration with the index at the limit. */
    boolean inclusive() {
      return inclusive;
    }
  }

  boolean stepsByLocal() {
    return stepLocal >= 0;
  }

  VarInsnNode loadIndex() {
    return new VarInsnNode(Opcodes.ILOAD, index);
  }
}
