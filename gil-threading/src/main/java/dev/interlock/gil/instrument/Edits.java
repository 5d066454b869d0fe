// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.LinkedHashMap;
import java.util.Map;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;

/** What is to be put into a method, and where; put in at the end, all at once. */
final class Edits {
  private final InsnList start = new InsnList();
  private final Map<AbstractInsnNode, InsnList> before = new LinkedHashMap<>();
  private final Map<AbstractInsnNode, InsnList> after = new LinkedHashMap<>();
  private final Map<AbstractInsnNode, InsnList> replaced = new LinkedHashMap<>();

  /** Before everything; no jump goes there. */
  void atStart(AbstractInsnNode node) {
    start.add(node);
  }

  /** Before an instruction, behind what was put there earlier; jumps to the instruction run it. */
  void before(AbstractInsnNode where, AbstractInsnNode... nodes) {
    add(before, where, nodes);
  }

  /** After an instruction, behind what was put there earlier. */
  void after(AbstractInsnNode where, AbstractInsnNode... nodes) {
    add(after, where, nodes);
  }

  /** In place of an instruction. */
  void replace(AbstractInsnNode where, AbstractInsnNode... nodes) {
    add(replaced, where, nodes);
  }

  private static void add(
      Map<AbstractInsnNode, InsnList> to, AbstractInsnNode where, AbstractInsnNode... nodes) {
    InsnList list = to.computeIfAbsent(where, w -> new InsnList());
    for (AbstractInsnNode node : nodes) {
      list.add(node);
    }
  }

  void apply(InsnList code) {
    before.forEach(code::insertBefore);
    after.forEach(code::insert);
    replaced.forEach(
        (where, list) -> {
          code.insertBefore(where, list);
          code.remove(where);
        });
    code.insert(start);
  }
}
