// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import dev.interlock.gil.instrument.CountedLoop.Order;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Recognizes a {@link CountedLoop} by its jump back. Whatever is not exactly of that shape is not
 * one: then the loop gets a check per iteration.
 */
final class CountedLoopFinder {
  private final MethodCode code;
  private final int back;
  private int cursor;

  private CountedLoopFinder(MethodCode code, int back) {
    this.code = code;
    this.back = back;
  }

  static @Nullable CountedLoop at(MethodCode code, int back) {
    return new CountedLoopFinder(code, back).find();
  }

  private @Nullable CountedLoop find() {
    if (!(code.at(back) instanceof JumpInsnNode jump) || jump.getOpcode() != Opcodes.GOTO) {
      return null;
    }
    int top = code.position(jump.label);
    int first = code.instructionFrom(top);
    FrameNode frame = frameBetween(top, first);
    if ((frame == null && code.shape().hasFrames()) || !isEnteredAtTopOnly(top)) {
      return null;
    }
    if (!(code.at(first) instanceof VarInsnNode load) || load.getOpcode() != Opcodes.ILOAD) {
      return null;
    }
    int index = load.var;
    cursor = first;
    List<AbstractInsnNode> limit = limit(index);
    if (limit == null || !(code.at(cursor) instanceof JumpInsnNode exit)) {
      return null;
    }
    Order order = order(exit.getOpcode(), limit.isEmpty());
    int exitPosition = code.position(exit.label);
    boolean leaves = exitPosition > back || exitPosition < top;
    if (order == null || !leaves) {
      return null;
    }
    int test = cursor;
    int last = code.instructionBefore(back);
    if (jumpsBetween(last, back)) {
      return null;
    }
    int step = 0;
    int stepLocal = -1;
    int bodyEnd = last;
    if (code.at(last) instanceof IincInsnNode increment) {
      step = increment.incr;
      if (increment.var != index || (order.up() ? step <= 0 : step >= 0)) {
        return null;
      }
    } else {
      bodyEnd = startOfAddition(last, index);
      if (bodyEnd < 0 || !order.up()) {
        return null;
      }
      stepLocal = ((VarInsnNode) code.at(code.instructionFrom(bodyEnd + 1))).var;
    }
    if (test >= bodyEnd || !isPlain(test + 1, bodyEnd, index, limit, stepLocal)) {
      return null;
    }
    return new CountedLoop(
        first,
        index,
        limit,
        exit,
        order,
        step,
        stepLocal,
        jump,
        frame,
        frames(test + 1, back),
        code.mayLoadClass(test + 1, back));
  }

  /** The first of {@code iload i; iload step; iadd; istore i}; -1 if it is not that. */
  private int startOfAddition(int store, int index) {
    int add = code.instructionBefore(store);
    int loadStep = code.instructionBefore(Math.max(add, 0));
    int loadIndex = code.instructionBefore(Math.max(loadStep, 0));
    boolean matches =
        loadIndex >= 0
            && isVar(store, Opcodes.ISTORE, index)
            && code.at(add).getOpcode() == Opcodes.IADD
            && code.at(loadStep) instanceof VarInsnNode step
            && step.getOpcode() == Opcodes.ILOAD
            && step.var != index
            && isVar(loadIndex, Opcodes.ILOAD, index)
            && !jumpsBetween(loadIndex, store);
    return matches ? loadIndex : -1;
  }

  private boolean isVar(int position, int opcode, int local) {
    return code.at(position) instanceof VarInsnNode node
        && node.getOpcode() == opcode
        && node.var == local;
  }

  /** What loads the limit; null when that is nothing simple. Leaves the cursor at the test. */
  private @Nullable List<AbstractInsnNode> limit(int index) {
    AbstractInsnNode node = next();
    if (node instanceof JumpInsnNode) {
      return List.of();
    }
    if (isConstant(node)
        || (node instanceof VarInsnNode load
            && load.getOpcode() == Opcodes.ILOAD
            && load.var != index)) {
      next();
      return List.of(node);
    }
    if (node instanceof VarInsnNode load && load.getOpcode() == Opcodes.ALOAD) {
      AbstractInsnNode length = next();
      if (length != null && isFixed(length)) {
        next();
        return List.of(node, length);
      }
    }
    return null;
  }

  private boolean isFixed(AbstractInsnNode part) {
    return part.getOpcode() == Opcodes.ARRAYLENGTH
        || (part instanceof FieldInsnNode field
            && field.getOpcode() == Opcodes.GETFIELD
            && code.shape().declaresPlain(field));
  }

  private static boolean isConstant(@Nullable AbstractInsnNode node) {
    if (node == null) {
      return false;
    }
    int opcode = node.getOpcode();
    return (opcode >= Opcodes.ICONST_M1 && opcode <= Opcodes.ICONST_5)
        || opcode == Opcodes.BIPUSH
        || opcode == Opcodes.SIPUSH
        || (node instanceof LdcInsnNode constant && constant.cst instanceof Integer);
  }

  /** The next instruction, unless a jump goes to it; no loop is that short. */
  private @Nullable AbstractInsnNode next() {
    int before = cursor;
    cursor = code.instructionFrom(cursor + 1);
    return cursor >= back || jumpsBetween(before, cursor) ? null : code.at(cursor);
  }

  private static @Nullable Order order(int opcode, boolean toZero) {
    return switch (opcode) {
      case Opcodes.IF_ICMPGE -> toZero ? null : Order.LESS;
      case Opcodes.IF_ICMPGT -> toZero ? null : Order.LESS_OR_EQUAL;
      case Opcodes.IF_ICMPLE -> toZero ? null : Order.GREATER;
      case Opcodes.IF_ICMPLT -> toZero ? null : Order.GREATER_OR_EQUAL;
      case Opcodes.IFGE -> toZero ? Order.LESS : null;
      case Opcodes.IFGT -> toZero ? Order.LESS_OR_EQUAL : null;
      case Opcodes.IFLE -> toZero ? Order.GREATER : null;
      case Opcodes.IFLT -> toZero ? Order.GREATER_OR_EQUAL : null;
      default -> null;
    };
  }

  /** Whether no jump from elsewhere, and no exception, gets behind the top. */
  private boolean isEnteredAtTopOnly(int top) {
    for (int i = top; i <= back; i++) {
      if (code.at(i) instanceof LabelNode label) {
        if (code.isHandler(label)) {
          return false;
        }
        for (int source : code.jumpsTo(label)) {
          boolean inside = source >= top && source <= back;
          if (i == top ? inside && source != back : !inside) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private boolean jumpsBetween(int after, int before) {
    for (int i = after + 1; i < before; i++) {
      if (code.at(i) instanceof LabelNode label && !code.jumpsTo(label).isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Whether the body leaves alone what counts, and runs no code but its own and quiet calls. */
  private boolean isPlain(
      int from, int to, int index, List<AbstractInsnNode> limit, int stepLocal) {
    for (int i = from; i < to; i++) {
      AbstractInsnNode node = code.at(i);
      boolean plain =
          !code.jumpsBack(i)
              && isPlain(node)
              && !writes(node, index)
              && (stepLocal < 0 || !writes(node, stepLocal));
      for (AbstractInsnNode part : limit) {
        plain &= !(part instanceof VarInsnNode load && writes(node, load.var));
        plain &= !(part instanceof FieldInsnNode field && writes(node, field));
      }
      if (!plain) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(AbstractInsnNode node) {
    return switch (node.getOpcode()) {
      case Opcodes.MONITORENTER, Opcodes.MONITOREXIT, Opcodes.JSR, Opcodes.RET -> false;
      default ->
          !(node instanceof InvokeDynamicInsnNode)
              && (!(node instanceof MethodInsnNode call) || QuietCalls.contains(call));
    };
  }

  private static boolean writes(AbstractInsnNode node, int local) {
    if (node instanceof IincInsnNode increment) {
      return increment.var == local;
    }
    if (!(node instanceof VarInsnNode variable)) {
      return false;
    }
    return switch (node.getOpcode()) {
      case Opcodes.ISTORE, Opcodes.FSTORE, Opcodes.ASTORE -> variable.var == local;
      case Opcodes.LSTORE, Opcodes.DSTORE -> variable.var == local || variable.var == local - 1;
      default -> false;
    };
  }

  private static boolean writes(AbstractInsnNode node, FieldInsnNode field) {
    return node instanceof FieldInsnNode other
        && other.getOpcode() == Opcodes.PUTFIELD
        && other.name.equals(field.name);
  }

  private @Nullable FrameNode frameBetween(int from, int to) {
    List<FrameNode> frames = frames(from, to);
    return frames.isEmpty() ? null : frames.get(0);
  }

  private List<FrameNode> frames(int from, int to) {
    List<FrameNode> frames = new ArrayList<>();
    for (int i = from; i < to; i++) {
      if (code.at(i) instanceof FrameNode frame) {
        frames.add(frame);
      }
    }
    return frames;
  }
}
