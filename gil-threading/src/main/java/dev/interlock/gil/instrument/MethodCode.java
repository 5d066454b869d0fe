// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The untouched code of a method, and what a look at all of it tells. Positions count nodes, those
 * of labels, lines and frames included.
 */
final class MethodCode {
  private final ClassShape shape;
  private final MethodNode node;
  private final AbstractInsnNode[] nodes;
  private final int[] offsets;
  private final int[] lines;
  private final Set<LabelNode> jumpTargets = new HashSet<>();
  private final Set<LabelNode> handlers = new HashSet<>();

  /**
   * The code of a method.
   *
   * @param instructionOffsets one per instruction, in their order
   */
  MethodCode(ClassShape shape, MethodNode node, int[] instructionOffsets) {
    this.shape = shape;
    this.node = node;
    nodes = node.instructions.toArray();
    offsets = new int[nodes.length];
    lines = new int[nodes.length];
    int instruction = 0;
    int line = 0;
    for (int i = 0; i < nodes.length; i++) {
      if (nodes[i] instanceof LineNumberNode number) {
        line = number.line;
      }
      lines[i] = line;
      offsets[i] = isInstruction(nodes[i]) ? instructionOffsets[instruction++] : -1;
      jumpTargets.addAll(targets(nodes[i]));
    }
    for (TryCatchBlockNode block : node.tryCatchBlocks) {
      handlers.add(block.handler);
    }
  }

  ClassShape shape() {
    return shape;
  }

  MethodNode node() {
    return node;
  }

  int length() {
    return nodes.length;
  }

  AbstractInsnNode at(int position) {
    return nodes[position];
  }

  int position(AbstractInsnNode of) {
    return node.instructions.indexOf(of);
  }

  /** The offset in the original bytecode. */
  int offset(int position) {
    return offsets[position];
  }

  /** The source line; 0 when the class file does not tell. */
  int line(int position) {
    return lines[position];
  }

  boolean isJumpTarget(LabelNode label) {
    return jumpTargets.contains(label);
  }

  boolean isHandler(LabelNode label) {
    return handlers.contains(label);
  }

  /** The first instruction at that position or after it; null at the end. */
  @Nullable AbstractInsnNode instructionFrom(int position) {
    for (int i = position; i < nodes.length; i++) {
      if (isInstruction(nodes[i])) {
        return nodes[i];
      }
    }
    return null;
  }

  /** Whether a jump, a switch or a {@code jsr} goes to where control has been before. */
  boolean jumpsBack(int position) {
    for (LabelNode target : targets(nodes[position])) {
      if (position(target) < position) {
        return true;
      }
    }
    return false;
  }

  /** Whether a node is an instruction, and not a label, a line or a frame. */
  static boolean isInstruction(AbstractInsnNode node) {
    return node.getOpcode() >= 0;
  }

  /** Where an instruction may jump to, falling through left aside. */
  static List<LabelNode> targets(AbstractInsnNode node) {
    if (node instanceof JumpInsnNode jump) {
      return List.of(jump.label);
    }
    if (node instanceof TableSwitchInsnNode table) {
      return withDefault(table.labels, table.dflt);
    }
    if (node instanceof LookupSwitchInsnNode lookup) {
      return withDefault(lookup.labels, lookup.dflt);
    }
    return List.of();
  }

  private static List<LabelNode> withDefault(List<LabelNode> labels, LabelNode otherwise) {
    List<LabelNode> all = new ArrayList<>(labels);
    all.add(otherwise);
    return all;
  }
}
