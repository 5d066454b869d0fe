// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import static org.assertj.core.api.Assertions.assertThat;

import com.acme.Samples;
import dev.interlock.gil.gate.Gate;
import dev.interlock.gil.instrument.ClassInstrumenter;
import dev.interlock.gil.instrument.Site;
import dev.interlock.gil.instrument.Sites;
import dev.interlock.gil.instrument.SwitchPoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

class SwitchMarksTest {
  private static List<String> marked(CodeObject code, Predicate<Instruction> mark) {
    return code.instructions().stream()
        .filter(mark)
        .map(one -> one.offset() + " " + one.mnemonic())
        .toList();
  }

  @Test
  void anIncrementCanBeCutInTwoInFineModeOnly() {
    CodeObject code = Disassembler.of(Samples.class, "increment");
    assertThat(marked(code, Instruction::coarse)).containsExactly("0 getstatic");
    assertThat(marked(code, Instruction::fine)).containsExactly("0 getstatic", "5 putstatic");
  }

  @Test
  void aLoopIsMarkedAtItsBackEdgeAlsoWhereItIsSplit() {
    CodeObject code = Disassembler.of(Samples.class, "locals");
    assertThat(marked(code, Instruction::coarse))
        .hasSize(2)
        .anyMatch(one -> one.startsWith("0 "))
        .anyMatch(one -> one.endsWith(" goto"));
    assertThat(marked(code, Instruction::fine)).hasSize(3).anyMatch(one -> one.endsWith(" laload"));
  }

  @Test
  void anExceptionHandlerIsMarked() {
    CodeObject code = Disassembler.of(Samples.class, "guarded");
    int handler = code.handlers().get(0).handler();
    assertThat(marked(code, Instruction::coarse)).anyMatch(one -> one.startsWith(handler + " "));
  }

  @Test
  void aLambdaHasMarksOfItsOwn() {
    CodeObject inner = Disassembler.of(Samples.class, "lambdas").nested().get(0).nested().get(0);
    assertThat(marked(inner, Instruction::coarse)).anyMatch(one -> one.startsWith("0 "));
  }

  @Test
  void aClassInitializerHasNone() {
    CodeObject code = Disassembler.of(Samples.Explosive.class.getName() + "#<clinit>", loader());
    assertThat(code.instructions()).isNotEmpty().noneMatch(one -> one.coarse() || one.fine());
    assertThat(code.note()).contains("inside a class initializer");
  }

  @Test
  void aClassThatTheAgentLeavesAloneHasNone() {
    CodeObject code = Disassembler.of("dev.interlock.gil.Gil#of", loader());
    assertThat(code.instructions()).isNotEmpty().noneMatch(one -> one.coarse() || one.fine());
    assertThat(code.text()).contains("this class is among those that run without checks");
  }

  @Test
  void everyAccessThatTheInstrumenterReportsIsMarked() {
    ClassFile file = ClassFile.read("com/google/common/collect/HashBiMap", loader()).orElseThrow();
    byte[] instrumented =
        Objects.requireNonNull(
            new ClassInstrumenter(name -> true)
                .instrument(file.bytes(), SwitchPoints.FINE)
                .classFile());
    SwitchPointsOf points = new SwitchPointsOf(file, name -> true);
    List<Site> sites = sites(instrumented);
    assertThat(sites).hasSizeGreaterThan(100);
    for (Site site : sites) {
      ClassFile.Code code =
          file.methods().stream()
              .filter(one -> one.method().name.equals(site.method()))
              .filter(one -> one.method().desc.equals(site.descriptor()))
              .findFirst()
              .orElseThrow();
      assertThat(points.of(code.method(), SwitchPoints.FINE))
          .as("%s", site)
          .contains(site.offset());
    }
  }

  private static ClassLoader loader() {
    return Samples.class.getClassLoader();
  }

  /** The sites whose numbers the code passes to the gate. */
  private static List<Site> sites(byte[] classFile) {
    List<Site> sites = new ArrayList<>();
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String desc, String signature, String[] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  private int constant;

                  @Override
                  public void visitInsn(int opcode) {
                    constant = opcode - Opcodes.ICONST_0;
                  }

                  @Override
                  public void visitIntInsn(int opcode, int operand) {
                    constant = operand;
                  }

                  @Override
                  public void visitLdcInsn(Object value) {
                    constant = value instanceof Integer number ? number : constant;
                  }

                  @Override
                  public void visitMethodInsn(
                      int opcode, String owner, String method, String desc, boolean ofInterface) {
                    if (owner.equals(Gate.INTERNAL_NAME) && method.equals("access")) {
                      sites.add(Objects.requireNonNull(Sites.at(constant)));
                    }
                  }
                };
              }
            },
            ClassReader.SKIP_FRAMES);
    return sites;
  }
}
