// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Whether a method needs no check at its entry: it runs for a short while, writes nothing that
 * another thread sees, and a thread does not come into it from a class initializer.
 */
final class Leaf {
  private static final String LAMBDA_PREFIX = "lambda$";
  private final MethodCode code;

  Leaf(MethodCode code) {
    this.code = code;
  }

  boolean isLeaf() {
    if (code.is(Opcodes.ACC_SYNCHRONIZED) || mayFollowInitializer()) {
      return false;
    }
    for (int i = 0; i < code.length(); i++) {
      if (code.jumpsBack(i) || !(isHarmless(code.at(i)) || isOwnField(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean mayFollowInitializer() {
    boolean runsInitializer =
        code.is(Opcodes.ACC_STATIC) || code.node().name.equals(ClassShape.CONSTRUCTOR);
    boolean lambda = code.is(Opcodes.ACC_SYNTHETIC) && code.node().name.startsWith(LAMBDA_PREFIX);
    return runsInitializer && !lambda && code.shape().mayRunInitializer();
  }

  /** Whether it sets a field of the object that is being made: nobody else sees it yet. */
  private boolean isOwnField(int position) {
    if (!code.node().name.equals(ClassShape.CONSTRUCTOR)
        || code.at(position).getOpcode() != Opcodes.PUTFIELD) {
      return false;
    }
    int value = code.instructionBefore(position);
    int object = code.instructionBefore(Math.max(value, 0));
    return object >= 0
        && code.at(object) instanceof VarInsnNode load
        && load.getOpcode() == Opcodes.ALOAD
        && load.var == 0
        && code.at(value).getOpcode() <= Opcodes.ALOAD;
  }

  private static boolean isHarmless(AbstractInsnNode node) {
    return switch (node.getOpcode()) {
      case Opcodes.PUTFIELD,
          Opcodes.PUTSTATIC,
          Opcodes.IASTORE,
          Opcodes.LASTORE,
          Opcodes.FASTORE,
          Opcodes.DASTORE,
          Opcodes.AASTORE,
          Opcodes.BASTORE,
          Opcodes.CASTORE,
          Opcodes.SASTORE,
          Opcodes.MONITORENTER,
          Opcodes.JSR,
          Opcodes.RET ->
          false;
      default ->
          !(node instanceof InvokeDynamicInsnNode)
              && (!(node instanceof MethodInsnNode call) || QuietCalls.contains(call));
    };
  }
}
