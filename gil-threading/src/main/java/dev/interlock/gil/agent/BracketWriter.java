// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import dev.interlock.gil.gate.Gate;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Puts {@code enter()} and {@code exit()} of the gate into a class of the JDK. A method becomes
 *
 * <pre>
 *   enter(); try { ... } finally { exit(); }
 * </pre>
 *
 * without a branch or a local variable more: only the handler at its end needs a frame, with
 * nothing in it but the exception.
 */
final class BracketWriter extends ClassVisitor {
  private final Collection<Bracket> brackets;
  private final Set<Bracket> written = new HashSet<>();
  private final Set<Bracket> nativeOnes = new HashSet<>();

  private BracketWriter(ClassWriter next, Collection<Bracket> brackets) {
    super(Opcodes.ASM9, next);
    this.brackets = brackets;
  }

  /**
   * What became of a class.
   *
   * @param classFile the new class file
   * @param brackets those that are in it
   * @param nativeOnes those whose method is native, so it has no code to change
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on to the JVM, and never compared
  record Written(byte[] classFile, Set<Bracket> brackets, Set<Bracket> nativeOnes) {}

  static Written write(byte[] classFile, Collection<Bracket> brackets) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, 0);
    BracketWriter visitor = new BracketWriter(writer, brackets);
    reader.accept(visitor, 0);
    return new Written(writer.toByteArray(), visitor.written, visitor.nativeOnes);
  }

  @Override
  public MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
    for (Bracket bracket : brackets) {
      if (bracket.is(name, descriptor)) {
        if ((access & Opcodes.ACC_NATIVE) != 0) {
          nativeOnes.add(bracket);
          return next;
        }
        written.add(bracket);
        return new MethodNode(Opcodes.ASM9, access, name, descriptor, signature, exceptions) {
          @Override
          public void visitEnd() {
            write(bracket.shape(), this);
            accept(next);
          }
        };
      }
    }
    return next;
  }

  private static void write(Bracket.Shape shape, MethodNode method) {
    switch (shape) {
      case AROUND -> around(method);
      case BEFORE -> {
        for (AbstractInsnNode instruction : method.instructions.toArray()) {
          if (isReturn(instruction)) {
            method.instructions.insertBefore(instruction, gate("enter"));
          }
        }
      }
      case AFTER -> method.instructions.insert(gate("exit"));
    }
  }

  /** The handler guards all but the exits themselves; it comes after the method's own handlers. */
  private static void around(MethodNode method) {
    InsnList code = method.instructions;
    LabelNode handler = new LabelNode();
    LabelNode start = new LabelNode();
    boolean empty = true;
    AbstractInsnNode[] original = code.toArray();
    code.insert(start);
    code.insert(gate("enter"));
    for (AbstractInsnNode instruction : original) {
      if (isReturn(instruction)) {
        LabelNode end = new LabelNode();
        code.insertBefore(instruction, end);
        code.insertBefore(instruction, gate("exit"));
        guard(method, start, end, handler, empty);
        start = new LabelNode();
        code.insert(instruction, start);
        empty = true;
      } else if (instruction.getOpcode() >= 0) {
        empty = false;
      }
    }
    code.add(handler);
    guard(method, start, handler, handler, empty);
    Object[] thrown = {"java/lang/Throwable"};
    code.add(new FrameNode(Opcodes.F_FULL, 0, new Object[0], 1, thrown));
    code.add(gate("exit"));
    code.add(new InsnNode(Opcodes.ATHROW));
    method.maxStack = Math.max(method.maxStack, 1);
  }

  private static void guard(
      MethodNode method, LabelNode start, LabelNode end, LabelNode handler, boolean empty) {
    if (!empty) { // the JVM refuses a range of no instructions
      method.tryCatchBlocks.add(new TryCatchBlockNode(start, end, handler, null));
    }
  }

  private static boolean isReturn(AbstractInsnNode instruction) {
    int opcode = instruction.getOpcode();
    return opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
  }

  private static MethodInsnNode gate(String method) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, Gate.INTERNAL_NAME, method, "()V", false);
  }
}
