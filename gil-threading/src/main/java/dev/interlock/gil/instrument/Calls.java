// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import dev.interlock.gil.gate.Gate;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** What is known of a call from where it stands. */
final class Calls {
  private static final String THREAD = "java/lang/Thread";
  private static final String OBJECT = "java/lang/Object";
  private static final Set<String> SLEEPS = Set.of("sleep(J)V", "sleep(JI)V");
  private static final Set<String> WAITS = Set.of("wait()V", "wait(J)V", "wait(JI)V");
  private static final String LAMBDAS = "java/lang/invoke/LambdaMetafactory";
  private static final String CONCATENATION = "java/lang/invoke/StringConcatFactory";

  private final CodeFilter filter;
  private final ClassShape shape;

  Calls(CodeFilter filter, ClassShape shape) {
    this.filter = filter;
    this.shape = shape;
  }

  /** Whether a thread may come back from it without the lock, and no other check has seen it. */
  boolean needCheckBehind(MethodInsnNode call) {
    if (QuietCalls.contains(call)) {
      return false;
    }
    if (call.owner.equals(shape.name())) {
      // What is inherited may be the JDK's, what is abstract may be a reference to a method of it.
      return !shape.declaresCode(call.name, call.desc);
    }
    boolean targetIsNamed =
        call.getOpcode() == Opcodes.INVOKESTATIC || call.name.equals(ClassShape.CONSTRUCTOR);
    return !targetIsNamed || !filter.isInstrumented(call.owner);
  }

  /** The same for a call site that a bootstrap method of the JDK or of a language links. */
  boolean needCheckBehind(InvokeDynamicInsnNode call) {
    String linker = call.bsm.getOwner();
    if (linker.equals(LAMBDAS)) {
      return false;
    }
    return !linker.equals(CONCATENATION) || takesObjects(call.desc);
  }

  private static boolean takesObjects(String descriptor) {
    for (Type argument : Type.getArgumentTypes(descriptor)) {
      if (argument.getSort() == Type.ARRAY
          || (argument.getSort() == Type.OBJECT
              && !argument.getInternalName().equals("java/lang/String"))) {
        return true;
      }
    }
    return false;
  }

  /** The gate's method in place of {@code sleep} or {@code wait}; null for all other calls. */
  @Nullable MethodInsnNode redirected(MethodInsnNode call) {
    String method = call.name + call.desc;
    if (call.getOpcode() == Opcodes.INVOKESTATIC) {
      return SLEEPS.contains(method) && isOfThread(call) ? gate(call) : null;
    }
    return WAITS.contains(method) ? gate(call) : null;
  }

  private static MethodInsnNode gate(MethodInsnNode call) {
    return call.name.equals("sleep")
        ? GateCall.call("sleep", call.desc)
        : GateCall.call("await", awaitDescriptor(call.desc));
  }

  private static String awaitDescriptor(String descriptor) {
    return "(Ljava/lang/Object;" + descriptor.substring(1);
  }

  private boolean isOfThread(MethodInsnNode call) {
    return call.owner.equals(THREAD)
        || (call.owner.equals(shape.name())
            && shape.extendsClass(THREAD)
            && !shape.declares(call.name, call.desc));
  }

  /**
   * References to {@code sleep} and {@code wait}, as in {@code lock::wait}, made to refer to the
   * gate. Not those of serializable lambdas, which are found again by the method's name.
   *
   * @return whether there was one
   */
  boolean redirectReferences(InvokeDynamicInsnNode call) {
    if (!call.bsm.getOwner().equals(LAMBDAS) || !call.bsm.getName().equals("metafactory")) {
      return false;
    }
    boolean any = false;
    for (int i = 0; i < call.bsmArgs.length; i++) {
      Handle to = call.bsmArgs[i] instanceof Handle handle ? redirected(handle) : null;
      if (to != null) {
        call.bsmArgs[i] = to;
        any = true;
      }
    }
    return any;
  }

  private static @Nullable Handle redirected(Handle handle) {
    String method = handle.getName() + handle.getDesc();
    if (handle.getTag() == Opcodes.H_INVOKESTATIC
        && handle.getOwner().equals(THREAD)
        && SLEEPS.contains(method)) {
      return toGate("sleep", handle.getDesc());
    }
    if (handle.getTag() == Opcodes.H_INVOKEVIRTUAL
        && handle.getOwner().equals(OBJECT)
        && WAITS.contains(method)) {
      return toGate("await", awaitDescriptor(handle.getDesc()));
    }
    return null;
  }

  private static Handle toGate(String method, String descriptor) {
    return new Handle(
        Opcodes.H_INVOKESTATIC, Gate.INTERNAL_NAME, method, descriptor, /* isInterface= */ false);
  }
}
