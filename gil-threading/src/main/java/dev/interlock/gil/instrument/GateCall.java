// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import dev.interlock.gil.gate.Gate;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodInsnNode;

/** Calls of the gate's methods. */
final class GateCall {
  private GateCall() {}

  static MethodInsnNode loop() {
    return call("loop", "()V");
  }

  static MethodInsnNode check() {
    return call("check", "()V");
  }

  private static MethodInsnNode call(String method, String descriptor) {
    return new MethodInsnNode(
        Opcodes.INVOKESTATIC, Gate.INTERNAL_NAME, method, descriptor, /* isInterface= */ false);
  }
}
