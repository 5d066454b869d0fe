// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The check behind a {@code monitorenter}. It goes to the start of the try range that unlocks the
 * monitor, and inside: an exception out of the check must unlock, and C2 does not compile a method
 * well in which a call might leave a monitor locked.
 */
final class MonitorCheck {
  private static final int FAR = 8;

  private MonitorCheck() {}

  static void insert(MethodCode code, int monitorEnter, Edits edits) {
    int position = monitorEnter;
    for (int i = 0; i < FAR; i++) {
      int next = code.instructionFrom(position + 1);
      LabelNode start = tryStart(code, position + 1, next);
      if (start != null) {
        // The range gets a start of its own: a loop may jump to the old one.
        LabelNode moved = new LabelNode();
        edits.after(code.at(position), moved, GateCall.retake());
        edits.startTryAt(start, moved);
        return;
      }
      if (next == code.length() || !isSimple(code.at(next))) {
        break;
      }
      position = next;
    }
    edits.after(code.at(monitorEnter), GateCall.retake());
  }

  private static @Nullable LabelNode tryStart(MethodCode code, int from, int to) {
    for (int i = from; i < to; i++) {
      for (TryCatchBlockNode block : code.node().tryCatchBlocks) {
        if (block.start.equals(code.at(i)) && !code.isHandler(block.start)) {
          return block.start;
        }
      }
    }
    return null;
  }

  /** Cannot throw, and goes on to the next. */
  private static boolean isSimple(AbstractInsnNode node) {
    int opcode = node.getOpcode();
    return (opcode <= Opcodes.ALOAD && opcode != Opcodes.LDC)
        || (opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE);
  }
}
