// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** What is to be put into a method, and where; put in at the end, all at once. */
final class Edits {
  private final InsnList start = new InsnList();
  private final InsnList end = new InsnList();
  private final Map<AbstractInsnNode, InsnList> before = new LinkedHashMap<>();
  private final Map<AbstractInsnNode, InsnList> after = new LinkedHashMap<>();
  private final Map<AbstractInsnNode, InsnList> replaced = new LinkedHashMap<>();
  private final Map<LabelNode, LabelNode> newStarts = new HashMap<>();
  private final List<TryCatchBlockNode> outermost = new ArrayList<>();
  private int moreStack;
  private int moreLocals;

  /** Before everything; no jump goes there. */
  void atStart(AbstractInsnNode... nodes) {
    add(start, nodes);
  }

  /** Behind everything. */
  void atEnd(AbstractInsnNode... nodes) {
    add(end, nodes);
  }

  /** Before an instruction, behind what was put there earlier; jumps to the instruction run it. */
  void before(AbstractInsnNode where, AbstractInsnNode... nodes) {
    add(before.computeIfAbsent(where, w -> new InsnList()), nodes);
  }

  /** After an instruction, behind what was put there earlier; no jump goes there. */
  void after(AbstractInsnNode where, AbstractInsnNode... nodes) {
    add(after.computeIfAbsent(where, w -> new InsnList()), nodes);
  }

  /** In place of an instruction. */
  void replace(AbstractInsnNode where, AbstractInsnNode... nodes) {
    add(replaced.computeIfAbsent(where, w -> new InsnList()), nodes);
  }

  /** Try ranges that start at the one label start at the other. */
  void startTryAt(LabelNode old, LabelNode now) {
    newStarts.put(old, now);
  }

  /** A try block around all others. */
  void tryAround(LabelNode from, LabelNode to, LabelNode handler) {
    outermost.add(new TryCatchBlockNode(from, to, handler, /* type= */ null));
  }

  /** So much more stack is needed somewhere. */
  void needStack(int slots) {
    moreStack = Math.max(moreStack, slots);
  }

  /** So many more locals are needed somewhere. */
  void needLocals(int slots) {
    moreLocals = Math.max(moreLocals, slots);
  }

  private static void add(InsnList to, AbstractInsnNode... nodes) {
    for (AbstractInsnNode node : nodes) {
      to.add(node);
    }
  }

  void applyTo(MethodNode method) {
    InsnList code = method.instructions;
    Map<LabelNode, LabelNode> moved = labelsOfNew();
    before.forEach(code::insertBefore);
    after.forEach(code::insert);
    replaced.forEach(
        (where, list) -> {
          code.insertBefore(where, list);
          code.remove(where);
        });
    code.insert(start);
    code.add(end);
    for (AbstractInsnNode node : code) {
      if (node instanceof FrameNode frame && !moved.isEmpty()) {
        move(frame.local, moved);
        move(frame.stack, moved);
      }
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      block.start = newStarts.getOrDefault(block.start, block.start);
    }
    method.tryCatchBlocks.addAll(outermost);
    method.maxStack += moreStack;
    method.maxLocals += moreLocals;
  }

  /**
   * Stack maps name an object that is not initialized by the address of its {@code new}: a label
   * must stay right before it. Those that do not, and the new ones in their place.
   */
  private Map<LabelNode, LabelNode> labelsOfNew() {
    Map<LabelNode, LabelNode> moved = new HashMap<>();
    before.forEach(
        (where, list) -> {
          if (where.getOpcode() == Opcodes.NEW) {
            LabelNode now = new LabelNode();
            list.add(now);
            AbstractInsnNode previous = where.getPrevious();
            while (previous != null && !MethodCode.isInstruction(previous)) {
              if (previous instanceof LabelNode label) {
                moved.put(label, now);
              }
              previous = previous.getPrevious();
            }
          }
        });
    return moved;
  }

  private static void move(@Nullable List<Object> types, Map<LabelNode, LabelNode> moved) {
    if (types != null) {
      types.replaceAll(type -> type instanceof LabelNode l ? moved.getOrDefault(l, l) : type);
    }
  }
}
