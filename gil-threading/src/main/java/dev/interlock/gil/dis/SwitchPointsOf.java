// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import dev.interlock.gil.gate.Gate;
import dev.interlock.gil.instrument.ClassInstrumenter;
import dev.interlock.gil.instrument.CodeFilter;
import dev.interlock.gil.instrument.Instrumented;
import dev.interlock.gil.instrument.SwitchPoints;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Where in the methods of a class the lock can change hands, as the instrumenter decides it.
 *
 * <p>It instruments a copy of the class in which the line number of every instruction is its
 * offset, and looks between which of these the calls of the gate are. Confined to one thread.
 */
final class SwitchPointsOf {
  /** The methods of the gate in which a thread can lose the lock. */
  private static final Set<String> CHECKS = Set.of("loop", "check", "caught", "access");

  private final ClassFile file;
  private final ClassInstrumenter instrumenter;
  private final Map<SwitchPoints, Map<String, Set<Integer>>> offsets = new HashMap<>();
  private final Set<String> leftAsIs = new HashSet<>();
  private final boolean instrumented;

  SwitchPointsOf(ClassFile file, CodeFilter filter) {
    this.file = file;
    this.instrumenter = new ClassInstrumenter(filter);
    this.instrumented = !file.isOfJdk() && filter.isInstrumented(file.node().name);
  }

  /** The offsets of the instructions of a method in front of which the lock can change hands. */
  Set<Integer> of(MethodNode method, SwitchPoints points) {
    if (!instrumented || isInitializer(method)) {
      return Set.of();
    }
    return offsets
        .computeIfAbsent(points, this::find)
        .getOrDefault(method.name + method.desc, Set.of());
  }

  /** Why there are none in a method, or fewer than one might think. */
  @Nullable String note(MethodNode method) {
    if (file.isOfJdk()) {
      return "No switch points: the JDK's classes run without checks. A thread that a method of"
          + " the JDK has blocked takes the lock back in the code that called it.";
    }
    if (!instrumented) {
      return "No switch points: this class is among those that run without checks.";
    }
    if (isInitializer(method)) {
      return "No switch points: inside a class initializer the lock does not change hands, because"
          + " others may wait for the class.";
    }
    return leftAsIs.contains(method.name + method.desc)
        ? "No switch points: with checks the method would be longer than the 64 KiB that the JVM"
            + " allows, so it runs without."
        : null;
  }

  private static boolean isInitializer(MethodNode method) {
    return method.name.equals("<clinit>");
  }

  private Map<String, Set<Integer>> find(SwitchPoints points) {
    Instrumented result = instrumenter.instrument(numbered(), points);
    leftAsIs.addAll(result.tooLarge());
    Map<String, Set<Integer>> found = new HashMap<>();
    if (result.classFile() != null) {
      ClassNode tree = new ClassNode();
      new ClassReader(result.classFile()).accept(tree, ClassReader.SKIP_FRAMES);
      tree.methods.forEach(method -> found.put(method.name + method.desc, behindChecks(method)));
    }
    return found;
  }

  /** The class with the offset of each instruction as its line number. */
  private byte[] numbered() {
    ClassReader reader = new ClassReader(file.bytes());
    ClassNode tree = new ClassNode();
    reader.accept(tree, 0);
    for (int i = 0; i < tree.methods.size(); i++) {
      number(tree.methods.get(i), file.methods().get(i).offsets());
    }
    ClassWriter writer = new ClassWriter(reader, 0);
    tree.accept(writer);
    return writer.toByteArray();
  }

  private static void number(MethodNode method, List<Integer> offsets) {
    int index = 0;
    for (AbstractInsnNode node : method.instructions.toArray()) {
      if (node instanceof LineNumberNode) {
        method.instructions.remove(node);
      } else if (node.getOpcode() >= 0) {
        LabelNode here = new LabelNode();
        method.instructions.insertBefore(node, here);
        method.instructions.insertBefore(node, new LineNumberNode(offsets.get(index++), here));
      }
    }
  }

  /** The original offset of what follows each check. */
  private static Set<Integer> behindChecks(MethodNode method) {
    Set<Integer> found = new HashSet<>();
    boolean behindCheck = false;
    int offset = 0;
    for (AbstractInsnNode node : method.instructions) {
      if (node instanceof LineNumberNode number) {
        offset = number.line;
      } else if (isCheck(node)) {
        behindCheck = true;
      } else if (behindCheck && node.getOpcode() >= 0) {
        found.add(offset);
        behindCheck = false;
      }
    }
    return found;
  }

  private static boolean isCheck(AbstractInsnNode node) {
    return node instanceof MethodInsnNode call
        && call.owner.equals(Gate.INTERNAL_NAME)
        && CHECKS.contains(call.name);
  }
}
