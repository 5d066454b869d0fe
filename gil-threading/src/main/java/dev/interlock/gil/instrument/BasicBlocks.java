// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;

/**
 * The basic blocks of a method, each with a call that counts its bytecodes, those of the original.
 * A block is counted whole when it begins, also if an exception cuts it short.
 */
final class BasicBlocks {
  private final MethodCode code;

  BasicBlocks(MethodCode code) {
    this.code = code;
  }

  /** Puts the calls in and says how many blocks there are. */
  int insertInto(Edits edits) {
    int blocks = 0;
    int first = code.instructionFrom(0);
    while (first < code.length()) {
      int bytecodes = 0;
      int next = first;
      do {
        bytecodes++;
        next = code.instructionFrom(next + 1);
      } while (next < code.length() && !startsBlock(next));
      edits.before(code.at(first), GateCall.count(bytecodes));
      edits.needStack(1);
      blocks++;
      first = next;
    }
    return blocks;
  }

  private boolean startsBlock(int position) {
    int previous = code.instructionBefore(position);
    if (endsBlock(code.at(previous))) {
      return true;
    }
    for (int i = previous + 1; i < position; i++) {
      if (code.at(i) instanceof LabelNode label
          && (code.isHandler(label) || !code.jumpsTo(label).isEmpty())) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsBlock(AbstractInsnNode node) {
    int opcode = node.getOpcode();
    return !MethodCode.targets(node).isEmpty()
        || opcode == Opcodes.RET
        || opcode == Opcodes.ATHROW
        || (opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN);
  }
}
