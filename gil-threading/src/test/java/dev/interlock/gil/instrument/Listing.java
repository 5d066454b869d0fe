// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import dev.interlock.gil.gate.Gate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.util.Printer;

/** The instructions of a method as short words; calls of the gate as {@code GATE.name}. */
final class Listing {
  private Listing() {}

  static MethodNode method(byte[] classFile, String name) {
    ClassNode node = new ClassNode();
    new ClassReader(classFile).accept(node, 0);
    return node.methods.stream().filter(m -> m.name.equals(name)).findFirst().orElseThrow();
  }

  static List<String> of(byte[] classFile, String method) {
    List<String> words = new ArrayList<>();
    for (AbstractInsnNode node : method(classFile, method).instructions) {
      if (node.getOpcode() >= 0) {
        words.add(word(node));
      }
    }
    return words;
  }

  /** The gate calls of a method, in the order of the code. */
  static List<String> gateCalls(byte[] classFile, String method) {
    return of(classFile, method).stream().filter(word -> word.startsWith("GATE.")).toList();
  }

  /** The constants that the method counts. */
  static List<Integer> counted(byte[] classFile, String method) {
    List<Integer> counted = new ArrayList<>();
    for (AbstractInsnNode node : method(classFile, method).instructions) {
      if (node instanceof MethodInsnNode call && word(call).equals("GATE.count")) {
        counted.add(constant(node.getPrevious()));
      }
    }
    return counted;
  }

  static int constant(AbstractInsnNode node) {
    if (node instanceof IntInsnNode push) {
      return push.operand;
    }
    if (node instanceof LdcInsnNode ldc) {
      return (int) ldc.cst;
    }
    return node.getOpcode() - Opcodes.ICONST_0;
  }

  private static String word(AbstractInsnNode node) {
    if (node instanceof MethodInsnNode call) {
      return call.owner.equals(Gate.INTERNAL_NAME)
          ? "GATE." + call.name
          : simple(call.owner) + '.' + call.name;
    }
    String opcode = Printer.OPCODES[node.getOpcode()].toLowerCase(Locale.ROOT);
    return node instanceof FieldInsnNode field
        ? opcode + ' ' + simple(field.owner) + '.' + field.name
        : opcode;
  }

  private static String simple(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1);
  }
}
