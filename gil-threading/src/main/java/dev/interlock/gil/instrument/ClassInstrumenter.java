// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodTooLargeException;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;

/**
 * Puts calls of {@code java.lang.InterlockGate} into a class file. A function of its arguments
 * only: it loads no class of the application, reads no resource, takes no lock and does not block,
 * so it can run inside class loading. Thread-safe.
 *
 * <p>A class is read twice: what it declares, then its code. Each method with code becomes a tree,
 * {@link MethodInstrumenter} decides on the untouched tree what goes where, and only then all of it
 * is put in. Everything else of the class is copied.
 */
public final class ClassInstrumenter {
  private final CodeFilter filter;

  /**
   * An instrumenter.
   *
   * @param filter which calls reach code with checks of its own
   */
  public ClassInstrumenter(CodeFilter filter) {
    this.filter = filter;
  }

  /**
   * Instruments a class.
   *
   * @param classFile the original, never the result of an earlier call
   * @throws IllegalArgumentException when it is not a class file of a version that ASM knows
   */
  public Instrumented instrument(byte[] classFile, SwitchPoints points) {
    Set<String> tooLarge = new LinkedHashSet<>();
    while (true) {
      try {
        return instrument(classFile, points, tooLarge);
      } catch (MethodTooLargeException e) {
        if (!tooLarge.add(e.getMethodName() + e.getDescriptor())) {
          throw e;
        }
      }
    }
  }

  private Instrumented instrument(byte[] classFile, SwitchPoints points, Set<String> tooLarge) {
    OffsetReader reader = new OffsetReader(classFile);
    ClassShape shape = ClassShape.of(reader);
    ClassWriter writer = new ClassWriter(reader, 0);
    Rewriter rewriter = new Rewriter(writer, reader, shape, points, tooLarge);
    reader.accept(rewriter, ClassReader.EXPAND_FRAMES);
    boolean changed = !rewriter.insertions.equals(Insertions.NONE);
    return new Instrumented(
        shape.name(),
        changed ? writer.toByteArray() : null,
        shape.nativeMethods(),
        List.copyOf(tooLarge),
        rewriter.insertions);
  }

  private final class Rewriter extends ClassVisitor {
    private final OffsetReader reader;
    private final ClassShape shape;
    private final SwitchPoints points;
    private final Set<String> leftAsIs;
    private Insertions insertions = Insertions.NONE;

    Rewriter(
        ClassWriter writer,
        OffsetReader reader,
        ClassShape shape,
        SwitchPoints points,
        Set<String> leftAsIs) {
      super(Opcodes.ASM9, writer);
      this.reader = reader;
      this.shape = shape;
      this.points = points;
      this.leftAsIs = leftAsIs;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
      boolean hasCode = (access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0;
      if (!hasCode || leftAsIs.contains(name + descriptor)) {
        return next; // ASM copies the method as it is
      }
      return new MethodNode(Opcodes.ASM9, access, name, descriptor, signature, exceptions) {
        @Override
        public void visitCode() {
          reader.take();
        }

        @Override
        public void visitEnd() {
          MethodCode code = new MethodCode(shape, this, reader.take());
          insertions = insertions.plus(new MethodInstrumenter(filter, points, code).instrument());
          accept(next);
        }
      };
    }
  }
}
