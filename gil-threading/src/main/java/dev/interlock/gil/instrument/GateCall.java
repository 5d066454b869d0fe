// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import dev.interlock.gil.gate.Gate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** Calls of the gate's methods, and what puts numbers on the stack. */
final class GateCall {
  private GateCall() {}

  static MethodInsnNode loop() {
    return call("loop", "()V");
  }

  static MethodInsnNode check() {
    return call("check", "()V");
  }

  static MethodInsnNode retake() {
    return call("retake", "()V");
  }

  static MethodInsnNode caught() {
    return call("caught", "()V");
  }

  static MethodInsnNode enterInitializer() {
    return call("enterInitializer", "()V");
  }

  static MethodInsnNode exitInitializer() {
    return call("exitInitializer", "()V");
  }

  /** Needs one more on the stack, as {@link #count}. */
  static AbstractInsnNode[] access(int site) {
    return new AbstractInsnNode[] {push(site), call("access", "(I)V")};
  }

  static AbstractInsnNode[] count(int bytecodes) {
    return new AbstractInsnNode[] {push(bytecodes), call("count", "(I)V")};
  }

  /** A call that takes from the stack what the redirected one took. */
  static MethodInsnNode call(String method, String descriptor) {
    return new MethodInsnNode(
        Opcodes.INVOKESTATIC, Gate.INTERNAL_NAME, method, descriptor, /* isInterface= */ false);
  }

  static AbstractInsnNode push(int value) {
    if (value >= -1 && value <= 5) {
      return new InsnNode(Opcodes.ICONST_0 + value);
    }
    if (value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE) {
      return new IntInsnNode(Opcodes.BIPUSH, value);
    }
    if (value >= Short.MIN_VALUE && value <= Short.MAX_VALUE) {
      return new IntInsnNode(Opcodes.SIPUSH, value);
    }
    return new LdcInsnNode(value);
  }
}
