// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import dev.interlock.gil.instrument.CodeFilter;
import dev.interlock.gil.instrument.SwitchPoints;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** Makes code objects of the methods of one class. Confined to one thread. */
final class CodeReading {
  private final ClassFile file;
  private final SwitchPointsOf switchPoints;

  /** Methods that are listed already, so that a lambda that makes itself is listed once. */
  private final Set<ClassFile.Code> listed = new HashSet<>();

  CodeReading(ClassFile file, CodeFilter filter) {
    this.file = file;
    this.switchPoints = new SwitchPointsOf(file, filter);
  }

  CodeObject read(ClassFile.Code code) {
    listed.add(code);
    MethodNode method = code.method();
    Map<LabelNode, Integer> offsets = labelOffsets(code);
    return new CodeObject(
        TypeNames.full(file.node().name),
        method.name,
        method.desc,
        file.node().sourceFile,
        body(method),
        instructions(code, offsets),
        handlers(method, offsets),
        lambdas(method),
        body(method) == CodeObject.Body.ABSTRACT ? null : switchPoints.note(method));
  }

  private static CodeObject.Body body(MethodNode method) {
    if ((method.access & Opcodes.ACC_NATIVE) != 0) {
      return CodeObject.Body.NATIVE;
    }
    return (method.access & Opcodes.ACC_ABSTRACT) != 0
        ? CodeObject.Body.ABSTRACT
        : CodeObject.Body.BYTECODE;
  }

  /** A label is where the next instruction is, or at the end of the code. */
  private static Map<LabelNode, Integer> labelOffsets(ClassFile.Code code) {
    Map<LabelNode, Integer> found = new HashMap<>();
    List<Integer> offsets = code.offsets();
    int index = 0;
    for (AbstractInsnNode node : code.method().instructions) {
      if (node instanceof LabelNode label) {
        found.put(label, index < offsets.size() ? offsets.get(index) : Integer.MAX_VALUE);
      } else if (node.getOpcode() >= 0) {
        index++;
      }
    }
    if (index != offsets.size()) {
      throw new IllegalStateException(
          code.method().name + ": " + index + " instructions at " + offsets.size() + " offsets");
    }
    return found;
  }

  private List<Instruction> instructions(ClassFile.Code code, Map<LabelNode, Integer> offsets) {
    MethodNode method = code.method();
    Meanings meanings = new Meanings(file.node().name, method, offsets);
    Set<Integer> targets = jumpTargets(method, offsets);
    Set<Integer> coarse = switchPoints.of(method, SwitchPoints.COARSE);
    Set<Integer> fine = switchPoints.of(method, SwitchPoints.FINE);
    List<Instruction> instructions = new ArrayList<>();
    @Nullable Integer line = null;
    @Nullable Integer shown = null;
    for (AbstractInsnNode node : method.instructions) {
      if (node instanceof LineNumberNode number) {
        line = number.line;
      }
      if (node.getOpcode() < 0) {
        continue;
      }
      int index = instructions.size();
      int offset = code.offsets().get(index);
      int next =
          index + 1 < code.offsets().size() ? code.offsets().get(index + 1) : Integer.MAX_VALUE - 1;
      RawInstruction raw = file.raw(code, offset);
      boolean startsLine = line != null && !line.equals(shown);
      shown = line;
      instructions.add(
          new Instruction(
              line,
              startsLine,
              offset,
              raw.mnemonic(),
              raw.operands(),
              meanings.of(node, offset, next),
              targets.contains(offset),
              coarse.contains(offset),
              fine.contains(offset)));
    }
    return instructions;
  }

  private static Set<Integer> jumpTargets(MethodNode method, Map<LabelNode, Integer> offsets) {
    Set<LabelNode> labels = new HashSet<>();
    for (AbstractInsnNode node : method.instructions) {
      if (node instanceof JumpInsnNode jump) {
        labels.add(jump.label);
      } else if (node instanceof TableSwitchInsnNode table) {
        labels.addAll(table.labels);
        labels.add(table.dflt);
      } else if (node instanceof LookupSwitchInsnNode lookup) {
        labels.addAll(lookup.labels);
        labels.add(lookup.dflt);
      }
    }
    method.tryCatchBlocks.forEach(block -> labels.add(block.handler));
    Set<Integer> targets = new HashSet<>();
    labels.forEach(label -> targets.add(offsets.get(label)));
    return targets;
  }

  private static List<CodeObject.Handler> handlers(
      MethodNode method, Map<LabelNode, Integer> offsets) {
    List<CodeObject.Handler> handlers = new ArrayList<>();
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      handlers.add(
          new CodeObject.Handler(
              at(offsets, block.start),
              at(offsets, block.end),
              at(offsets, block.handler),
              block.type == null ? null : TypeNames.full(block.type)));
    }
    return handlers;
  }

  private static int at(Map<LabelNode, Integer> offsets, LabelNode label) {
    return offsets.getOrDefault(label, -1);
  }

  private List<CodeObject> lambdas(MethodNode method) {
    List<CodeObject> lambdas = new ArrayList<>();
    for (AbstractInsnNode node : method.instructions) {
      if (node instanceof InvokeDynamicInsnNode dynamic) {
        @Nullable Handle body = Meanings.lambdaBody(dynamic);
        if (body != null && body.getOwner().equals(file.node().name)) {
          file.methods().stream()
              .filter(code -> isBody(code.method(), body) && !listed.contains(code))
              .findFirst()
              .ifPresent(code -> lambdas.add(read(code)));
        }
      }
    }
    return lambdas;
  }

  /** A method that javac made for a lambda; what a method reference calls is not one. */
  private static boolean isBody(MethodNode method, Handle body) {
    return (method.access & Opcodes.ACC_SYNTHETIC) != 0
        && method.name.equals(body.getName())
        && method.desc.equals(body.getDesc());
  }
}
