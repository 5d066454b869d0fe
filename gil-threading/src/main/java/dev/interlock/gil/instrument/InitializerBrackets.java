// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;

/**
 * Tells the gate when a class initializer begins and when it ends, however it ends. One in which
 * nothing else is inserted and that runs no code but its own needs none: no check is ever reached
 * in it.
 */
final class InitializerBrackets {
  private final MethodCode code;

  InitializerBrackets(MethodCode code) {
    this.code = code;
  }

  /** Whether the code makes calls, which may reach checks. */
  static boolean runsOtherCode(MethodCode code) {
    for (int i = 0; i < code.length(); i++) {
      switch (code.at(i).getType()) {
        case AbstractInsnNode.METHOD_INSN, AbstractInsnNode.INVOKE_DYNAMIC_INSN -> {
          return true;
        }
        default -> {}
      }
    }
    return false;
  }

  void insertInto(Edits edits) {
    LabelNode handler = new LabelNode();
    LabelNode from = new LabelNode();
    edits.atStart(GateCall.enterInitializer(), from);
    int start = 0;
    for (int i = 0; i < code.length(); i++) {
      if (code.at(i).getOpcode() == Opcodes.RETURN) {
        LabelNode to = new LabelNode();
        edits.before(code.at(i), to, GateCall.exitInitializer());
        if (code.instructionFrom(start) < i) {
          edits.tryAround(from, to, handler);
        }
        from = new LabelNode();
        edits.after(code.at(i), from);
        start = i + 1;
      }
    }
    LabelNode to = new LabelNode();
    edits.atEnd(to, handler);
    if (code.instructionFrom(start) < code.length()) {
      edits.tryAround(from, to, handler);
    }
    if (code.shape().hasFrames()) {
      Object[] stack = {"java/lang/Throwable"};
      edits.atEnd(new FrameNode(Opcodes.F_NEW, 0, new Object[0], 1, stack));
    }
    edits.atEnd(GateCall.exitInitializer(), new InsnNode(Opcodes.ATHROW));
    edits.needStack(1);
  }
}
