// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;

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
  private final Map<LabelNode, List<Integer>> jumpsTo = new HashMap<>();
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
      for (LabelNode target : targets(nodes[i])) {
        jumpsTo.computeIfAbsent(target, t -> new ArrayList<>()).add(i);
      }
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

  boolean is(int access) {
    return (node.access & access) != 0;
  }

  boolean isInitializer() {
    return node.name.equals(ClassShape.INITIALIZER);
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

  boolean isHandler(LabelNode label) {
    return handlers.contains(label);
  }

  /** The positions of what jumps to a label, falling through left aside. */
  List<Integer> jumpsTo(LabelNode label) {
    return jumpsTo.getOrDefault(label, List.of());
  }

  /** The first instruction at a position or after it; {@link #length} at the end. */
  int instructionFrom(int position) {
    int i = position;
    while (i < nodes.length && !isInstruction(nodes[i])) {
      i++;
    }
    return i;
  }

  /** The last instruction before a position; -1 at the start. */
  int instructionBefore(int position) {
    int i = position - 1;
    while (i >= 0 && !isInstruction(nodes[i])) {
      i--;
    }
    return i;
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

  /** Whether control may get to the back of a loop past what is at a position. */
  boolean canPassBy(int position, int back) {
    for (int i = position + 1; i <= back; i++) {
      if (nodes[i] instanceof LabelNode label) {
        if (isHandler(label)) {
          return true;
        }
        for (int source : jumpsTo(label)) {
          if (source < position || source >= back) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Whether nodes with these positions may load a class of the application, or initialize one. */
  boolean mayLoadClass(int from, int to) {
    for (int i = from; i <= to; i++) {
      if (mayLoadClass(nodes[i])) {
        return true;
      }
    }
    return false;
  }

  private boolean mayLoadClass(AbstractInsnNode node) {
    if (node instanceof TypeInsnNode type) {
      return isForeign(type.desc);
    }
    if (node instanceof LdcInsnNode constant) {
      return constant.cst instanceof Type type && isForeign(type.getInternalName());
    }
    if (node instanceof MethodInsnNode call) {
      return call.getOpcode() == Opcodes.INVOKESTATIC && isForeign(call.owner);
    }
    return node instanceof FieldInsnNode field && isForeignStatic(field);
  }

  /** Whether it accesses a static field of another class of the application. */
  boolean isForeignStatic(FieldInsnNode field) {
    return (field.getOpcode() == Opcodes.GETSTATIC || field.getOpcode() == Opcodes.PUTSTATIC)
        && isForeign(field.owner);
  }

  private boolean isForeign(String type) {
    return !type.equals(shape.name())
        && !type.startsWith("java/")
        && !type.startsWith("jdk/")
        && !type.startsWith("sun/")
        && !type.startsWith("[Ljava/");
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
