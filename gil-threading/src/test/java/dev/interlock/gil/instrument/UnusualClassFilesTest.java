// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.gil.gate.Gate;
import dev.interlock.gil.gate.InterlockGate;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** Class files that no current javac writes, but that the JVM runs. */
class UnusualClassFilesTest {
  @AfterEach
  void restoreGate() {
    InterlockGate.breaker = 0;
    InterlockGate.hook = null;
  }

  private static ClassWriter writer(int version) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(version, Opcodes.ACC_PUBLIC, "Made", null, "java/lang/Object", null);
    return writer;
  }

  private static MethodVisitor method(ClassWriter writer, String name, String descriptor) {
    MethodVisitor method =
        writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, name, descriptor, null, null);
    method.visitCode();
    return method;
  }

  /** {@code for (i = 0; i < n; i++) sum += i} with the addition in a subroutine. */
  private static void addSubroutine(ClassWriter writer) {
    MethodVisitor code = method(writer, "subroutine", "(I)I");
    Label top = new Label();
    Label add = new Label();
    Label exit = new Label();
    code.visitInsn(Opcodes.ICONST_0);
    code.visitVarInsn(Opcodes.ISTORE, 1);
    code.visitInsn(Opcodes.ICONST_0);
    code.visitVarInsn(Opcodes.ISTORE, 2);
    code.visitLabel(top);
    code.visitVarInsn(Opcodes.ILOAD, 1);
    code.visitVarInsn(Opcodes.ILOAD, 0);
    code.visitJumpInsn(Opcodes.IF_ICMPGE, exit);
    code.visitJumpInsn(Opcodes.JSR, add);
    code.visitIincInsn(1, 1);
    code.visitJumpInsn(Opcodes.GOTO, top);
    code.visitLabel(add);
    code.visitVarInsn(Opcodes.ASTORE, 3);
    code.visitVarInsn(Opcodes.ILOAD, 2);
    code.visitVarInsn(Opcodes.ILOAD, 1);
    code.visitInsn(Opcodes.IADD);
    code.visitVarInsn(Opcodes.ISTORE, 2);
    code.visitVarInsn(Opcodes.RET, 3);
    code.visitLabel(exit);
    code.visitVarInsn(Opcodes.ILOAD, 2);
    code.visitInsn(Opcodes.IRETURN);
    code.visitMaxs(2, 4);
    code.visitEnd();
  }

  private static void addPlainLoop(ClassWriter writer) {
    MethodVisitor code = method(writer, "loop", "(I)I");
    Label top = new Label();
    Label exit = new Label();
    code.visitInsn(Opcodes.ICONST_0);
    code.visitVarInsn(Opcodes.ISTORE, 1);
    code.visitInsn(Opcodes.ICONST_0);
    code.visitVarInsn(Opcodes.ISTORE, 2);
    code.visitLabel(top);
    code.visitVarInsn(Opcodes.ILOAD, 1);
    code.visitVarInsn(Opcodes.ILOAD, 0);
    code.visitJumpInsn(Opcodes.IF_ICMPGE, exit);
    code.visitVarInsn(Opcodes.ILOAD, 2);
    code.visitVarInsn(Opcodes.ILOAD, 1);
    code.visitInsn(Opcodes.IADD);
    code.visitVarInsn(Opcodes.ISTORE, 2);
    code.visitIincInsn(1, 1);
    code.visitJumpInsn(Opcodes.GOTO, top);
    code.visitLabel(exit);
    code.visitVarInsn(Opcodes.ILOAD, 2);
    code.visitInsn(Opcodes.IRETURN);
    code.visitMaxs(2, 3);
    code.visitEnd();
  }

  /** A class initializer, which gets a handler. */
  private static void addInitializer(ClassWriter writer) {
    MethodVisitor code = method(writer, "<clinit>", "()V");
    code.visitFieldInsn(Opcodes.GETSTATIC, "java/lang/System", "out", "Ljava/io/PrintStream;");
    code.visitMethodInsn(Opcodes.INVOKEVIRTUAL, "java/io/PrintStream", "flush", "()V", false);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(1, 0);
    code.visitEnd();
  }

  private static int sum(int n) {
    return n * (n - 1) / 2;
  }

  @ParameterizedTest
  @EnumSource(SwitchPoints.class)
  void withoutStackMapsAndWithSubroutines(SwitchPoints points) throws Exception {
    ClassWriter writer = writer(Opcodes.V1_4);
    addInitializer(writer);
    addSubroutine(writer);
    addPlainLoop(writer);
    Instrumented changed = instrument(writer.toByteArray(), points);
    Class<?> made = load(changed.classFile());
    assertThat(made.getMethod("subroutine", int.class).invoke(null, 9000)).isEqualTo(sum(9000));
    assertThat(made.getMethod("loop", int.class).invoke(null, 9000)).isEqualTo(sum(9000));
    assertThat(changed.insertions().initializers()).isEqualTo(1);
    assertThat(changed.insertions().splitLoops()).isEqualTo(points == SwitchPoints.COARSE ? 1 : 0);
  }

  @ParameterizedTest
  @EnumSource(SwitchPoints.class)
  void ofVersion50WithoutStackMaps(SwitchPoints points) throws Exception {
    ClassWriter writer = writer(Opcodes.V1_6);
    addPlainLoop(writer);
    Instrumented changed = instrument(writer.toByteArray(), points);
    assertThat(changed.insertions().loops()).isEqualTo(1);
    Class<?> made = load(changed.classFile());
    assertThat(made.getMethod("loop", int.class).invoke(null, 9000)).isEqualTo(sum(9000));
  }

  @Test
  void checksEachRoundThroughASubroutine() {
    ClassWriter writer = writer(Opcodes.V1_4);
    addSubroutine(writer);
    Instrumented changed = instrument(writer.toByteArray(), SwitchPoints.COARSE);
    assertThat(Listing.of(changed.classFile(), "subroutine"))
        .containsSequence("GATE.loop", "goto")
        .containsSequence("GATE.loop", "ret");
  }

  @ParameterizedTest
  @EnumSource(SwitchPoints.class)
  void withAnObjectUnderConstructionInAStackMap(SwitchPoints points) throws Exception {
    // new String(n > 0 ? "more" : "less"), and the new is the target of a jump itself.
    ClassWriter writer = writer(Opcodes.V17);
    MethodVisitor code = method(writer, "make", "(I)Ljava/lang/String;");
    Label start = new Label();
    Label less = new Label();
    Label init = new Label();
    code.visitVarInsn(Opcodes.ILOAD, 0);
    code.visitJumpInsn(Opcodes.IFNE, start);
    code.visitInsn(Opcodes.NOP);
    code.visitLabel(start);
    code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    code.visitTypeInsn(Opcodes.NEW, "java/lang/String");
    code.visitInsn(Opcodes.DUP);
    code.visitVarInsn(Opcodes.ILOAD, 0);
    code.visitJumpInsn(Opcodes.IFLE, less);
    code.visitLdcInsn("more");
    code.visitJumpInsn(Opcodes.GOTO, init);
    code.visitLabel(less);
    code.visitFrame(
        Opcodes.F_FULL, 1, new Object[] {Opcodes.INTEGER}, 2, new Object[] {start, start});
    code.visitLdcInsn("less");
    code.visitLabel(init);
    code.visitFrame(
        Opcodes.F_FULL,
        1,
        new Object[] {Opcodes.INTEGER},
        3,
        new Object[] {start, start, "java/lang/String"});
    code.visitMethodInsn(
        Opcodes.INVOKESPECIAL, "java/lang/String", "<init>", "(Ljava/lang/String;)V", false);
    code.visitInsn(Opcodes.ARETURN);
    code.visitMaxs(3, 1);
    code.visitEnd();
    byte[] original = writer.toByteArray();
    assertThat(load(original).getMethod("make", int.class).invoke(null, 1)).isEqualTo("more");
    byte[] changed = instrument(original, points).classFile();
    Method make = load(changed == null ? original : changed).getMethod("make", int.class);
    assertThat(make.invoke(null, 1)).isEqualTo("more");
    assertThat(make.invoke(null, -1)).isEqualTo("less");
  }

  @Test
  void withHandlersThatCoverEachOther() throws Exception {
    // Two handlers, each in the range of the other: an exception out of a check there never ends.
    ClassWriter writer = writer(Opcodes.V1_4);
    MethodVisitor code = method(writer, "run", "()V");
    Label body = new Label();
    Label first = new Label();
    Label second = new Label();
    Label third = new Label();
    Label end = new Label();
    code.visitTryCatchBlock(body, first, first, null);
    code.visitTryCatchBlock(first, second, second, null);
    code.visitTryCatchBlock(second, third, first, null);
    code.visitTryCatchBlock(body, third, third, null);
    code.visitLabel(body);
    code.visitInsn(Opcodes.ACONST_NULL);
    code.visitInsn(Opcodes.ATHROW);
    code.visitLabel(first);
    code.visitInsn(Opcodes.POP);
    code.visitJumpInsn(Opcodes.GOTO, end);
    code.visitLabel(second);
    code.visitInsn(Opcodes.POP);
    code.visitJumpInsn(Opcodes.GOTO, end);
    code.visitLabel(third);
    code.visitInsn(Opcodes.POP);
    code.visitLabel(end);
    code.visitInsn(Opcodes.RETURN);
    code.visitMaxs(1, 0);
    code.visitEnd();
    Instrumented changed = instrument(writer.toByteArray(), SwitchPoints.COARSE);
    assertThat(changed.insertions().handlers()).isEqualTo(1);
    InterlockGate.hook =
        event -> {
          if (event == Gate.CAUGHT) {
            throw new IllegalStateException("checked");
          }
        };
    load(changed.classFile()).getMethod("run").invoke(null);
  }

  @Test
  void withAHandlerThatThrowsOutOfItsCheck() throws Exception {
    Map<String, byte[]> classes =
        Compiled.source(
            "Made",
            "public class Made { public static void run() { try { int n = 1 / 0; } catch"
                + " (ArithmeticException e) { return; } } }");
    Instrumented changed = instrument(classes.get("Made"), SwitchPoints.COARSE);
    InterlockGate.hook =
        event -> {
          if (event == Gate.CAUGHT) {
            throw new IllegalStateException("checked");
          }
        };
    Method run = load(changed.classFile()).getMethod("run");
    assertThatThrownBy(() -> run.invoke(null))
        .isInstanceOf(InvocationTargetException.class)
        .hasRootCauseMessage("checked");
  }

  @Test
  void withAMethodThatWouldGetTooLarge() throws Exception {
    StringBuilder source = new StringBuilder("public class Made { public static int n;");
    source.append("public static void small() { n++; } public static void huge() {");
    for (int i = 0; i < 7000; i++) {
      source.append("n++;");
    }
    source.append("}}");
    byte[] original = Compiled.source("Made", source.toString()).get("Made");
    Instrumented changed = instrument(original, SwitchPoints.FINE);
    assertThat(changed.tooLarge()).containsExactly("huge()V");
    assertThat(Listing.gateCalls(changed.classFile(), "huge")).isEmpty();
    assertThat(Listing.gateCalls(changed.classFile(), "small")).isNotEmpty();
    Class<?> made = load(changed.classFile());
    made.getMethod("huge").invoke(null);
    assertThat(made.getField("n").get(null)).isEqualTo(7000);
  }

  @Test
  void withJumpsThatGetLongerThan32Kilobytes() throws Exception {
    StringBuilder source = new StringBuilder("public class Made { public static int n;");
    source.append("public static void far(int times) { for (int i = 0; i < times; i++) {");
    for (int i = 0; i < 2500; i++) {
      source.append("n++;");
    }
    source.append("}}}");
    byte[] original = Compiled.source("Made", source.toString()).get("Made");
    for (SwitchPoints points : List.of(SwitchPoints.COARSE, SwitchPoints.FINE)) {
      Instrumented changed = instrument(original, points);
      assertThat(changed.tooLarge()).isEmpty();
      Class<?> made = load(changed.classFile());
      made.getMethod("far", int.class).invoke(null, 3);
      assertThat(made.getField("n").get(null)).isEqualTo(3 * 2500);
    }
  }

  private static Instrumented instrument(byte[] original, SwitchPoints points) {
    return new ClassInstrumenter("Made"::equals).instrument(original, points);
  }

  private static Class<?> load(byte[] classFile) throws ClassNotFoundException {
    return new GateLoader(Map.of("Made", classFile)).loadClass("Made");
  }
}
