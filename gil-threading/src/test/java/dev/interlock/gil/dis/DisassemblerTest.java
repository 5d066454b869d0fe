// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.acme.Samples;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DisassemblerTest {
  private static final ClassLoader LOADER = Samples.class.getClassLoader();
  private static final String SAMPLES = Samples.class.getName();

  private static List<String> mnemonics(CodeObject code) {
    return code.instructions().stream().map(Instruction::mnemonic).toList();
  }

  private static List<String> meanings(CodeObject code) {
    return code.instructions().stream()
        .map(Instruction::meaning)
        .filter(m -> !m.isEmpty())
        .toList();
  }

  private static Instruction at(CodeObject code, int offset) {
    return code.instructions().stream()
        .filter(one -> one.offset() == offset)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anIncrementOfAStaticIsFourInstructions() {
    CodeObject code = Disassembler.of(SAMPLES + "#increment", LOADER);
    assertThat(mnemonics(code))
        .containsExactly("getstatic", "iconst_1", "iadd", "putstatic", "return");
    assertThat(code.instructions()).extracting(Instruction::offset).containsExactly(0, 3, 4, 5, 8);
    assertThat(meanings(code)).containsExactly("Samples.num: int", "Samples.num: int");
    assertThat(at(code, 0).operands()).matches("#\\d+").isEqualTo(at(code, 5).operands());
    assertThat(code.sourceFile()).isEqualTo("Samples.java");
    assertThat(code.target()).isEqualTo(SAMPLES + "#increment()");
    assertThat(code.body()).isEqualTo(CodeObject.Body.BYTECODE);
  }

  @Test
  void aLineIsShownWhereItStarts() {
    CodeObject code = Disassembler.of(Samples.class, "increment");
    int line = code.instructions().get(0).line();
    assertThat(code.instructions())
        .extracting(Instruction::line)
        .containsExactly(line, line, line, line, line + 1);
    assertThat(code.instructions())
        .extracting(Instruction::startsLine)
        .containsExactly(true, false, false, false, true);
  }

  @Test
  void localVariablesHaveNamesAndJumpsHaveTargets() {
    CodeObject code = Disassembler.of(Samples.class, "locals");
    assertThat(meanings(code)).contains("sum", "i", "numbers", "text", "i += 1");
    assertThat(mnemonics(code)).contains("istore_2", "aload_1", "iinc", "if_icmpge", "goto");
    List<Instruction> jumps =
        code.instructions().stream().filter(one -> one.meaning().startsWith("to ")).toList();
    assertThat(jumps).hasSize(2);
    for (Instruction jump : jumps) {
      int target = Integer.parseInt(jump.meaning().substring(3));
      assertThat(jump.offset() + Integer.parseInt(jump.operands())).isEqualTo(target);
      assertThat(at(code, target).jumpTarget()).isTrue();
    }
    assertThat(code.instructions().stream().filter(Instruction::jumpTarget)).hasSize(2);
  }

  @Test
  void constantsAreWrittenAsInSourceCode() {
    CodeObject code = Disassembler.of(Samples.class, "constants");
    assertThat(meanings(code))
        .contains("10000000000L", "Samples.class", "Long.valueOf(long): Long")
        .anyMatch(meaning -> meaning.startsWith("\"a \\\"text\\\"\\n{}"));
  }

  @Test
  void aSwitchListsItsCases() {
    CodeObject code = Disassembler.of(Samples.class, "choose");
    Instruction lookup = code.instructions().get(1);
    assertThat(lookup.mnemonic()).isEqualTo("lookupswitch");
    assertThat(lookup.operands()).isEqualTo("3");
    assertThat(lookup.meaning()).matches("1 to \\d+, 2 to \\d+, 1000 to \\d+, else to \\d+");
  }

  @Test
  void theExceptionTableIsListed() {
    CodeObject code = Disassembler.of(Samples.class, "guarded");
    assertThat(code.handlers()).hasSize(1);
    CodeObject.Handler handler = code.handlers().get(0);
    assertThat(handler.start()).isZero();
    assertThat(handler.end()).isPositive();
    assertThat(handler.type()).isEqualTo("java.lang.NumberFormatException");
    assertThat(at(code, handler.handler()).jumpTarget()).isTrue();
    assertThat(code.text()).contains("Exceptions:\n  0 to " + handler.end() + " -> ");
  }

  @Test
  void lambdasAreNestedBelowTheirMethod() {
    CodeObject code = Disassembler.of(Samples.class, "lambdas");
    assertThat(meanings(code)).contains("Runnable: Samples::increment");
    assertThat(code.nested()).hasSize(1);
    CodeObject outer = code.nested().get(0);
    assertThat(outer.name()).startsWith("lambda$lambdas$");
    CodeObject inner = outer.nested().get(0);
    assertThat(meanings(inner)).contains("System.out: PrintStream");
    assertThat(inner.nested()).isEmpty();
    assertThat(code.text())
        .contains("Disassembly of " + outer.name() + "(int,Runnable), line ")
        .contains("Disassembly of " + inner.name());
  }

  @Test
  void aLambdaIsShownByItself() {
    Samples.Step lambda = () -> Samples.num += 7;
    CodeObject code = Disassembler.of(lambda);
    assertThat(code.className()).isEqualTo(getClass().getName());
    assertThat(code.name()).startsWith("lambda$aLambdaIsShownByItself$");
    assertThat(mnemonics(code)).contains("getstatic", "bipush", "iadd", "putstatic");
    Samples.Step reference = Samples::increment;
    assertThat(Disassembler.of(reference))
        .isEqualTo(Disassembler.of(SAMPLES + "#increment", LOADER));
  }

  @Test
  void anObjectThatIsNoLambdaIsRefused() {
    assertThatThrownBy(() -> Disassembler.of(new ArrayList<>()))
        .isInstanceOf(DisassemblyException.class)
        .hasMessageContaining("java.util.ArrayList is neither a lambda nor a method reference");
  }

  @Test
  void methodsAndConstructorsAreShown() throws Exception {
    CodeObject area = Disassembler.of(Samples.Square.class.getMethod("area"));
    assertThat(area.className()).isEqualTo(SAMPLES + "$Square");
    assertThat(mnemonics(area)).contains("dmul");
    CodeObject constructor =
        Disassembler.of(Samples.Square.class.getDeclaredConstructor(double.class));
    assertThat(constructor).isEqualTo(Disassembler.of(SAMPLES + ".Square#<init>", LOADER));
    assertThat(constructor.name()).isEqualTo("<init>");
  }

  @Test
  void theMethodThatWasWrittenIsMeantAndNotItsBridge() {
    CodeObject code = Disassembler.of(Samples.Square.class, "compareTo");
    assertThat(code.target()).endsWith("#compareTo(Samples$Square)");
    CodeObject bridge = Disassembler.of(Samples.Square.class, "compareTo(Object)");
    assertThat(mnemonics(bridge)).contains("checkcast");
  }

  @Test
  void inheritedMethodsAreFound() {
    assertThat(Disassembler.of(Samples.SmallSquare.class, "area").className())
        .isEqualTo(SAMPLES + "$Square");
    assertThat(Disassembler.of(Samples.SmallSquare.class, "shown").className())
        .isEqualTo(SAMPLES + "$Shape");
    assertThat(Disassembler.of(Samples.SmallSquare.class, "hashCode").className())
        .isEqualTo("java.lang.Object");
  }

  @Test
  void aClassIsNotInitialized() {
    assertThat(meanings(Disassembler.of(SAMPLES + ".Explosive#fuse", LOADER)))
        .containsExactly("Samples$Explosive.FUSE: int");
    assertThatThrownBy(Samples.Explosive::fuse).isInstanceOf(ExceptionInInitializerError.class);
  }

  @Test
  void aNativeMethodSaysThatItHasNoBytecode() {
    CodeObject code = Disassembler.of(Samples.class, "natively");
    assertThat(code.body()).isEqualTo(CodeObject.Body.NATIVE);
    assertThat(code.instructions()).isEmpty();
    assertThat(code.text()).contains("native: it has no bytecode");
  }

  @Test
  void anAbstractMethodSaysThatItHasNoBytecode() {
    CodeObject code = Disassembler.of(Samples.Shape.class, "area");
    assertThat(code.body()).isEqualTo(CodeObject.Body.ABSTRACT);
    assertThat(code.text()).contains("abstract: it has no bytecode");
  }

  @Test
  void classesOfTheJdkHaveNoSwitchPoints() {
    CodeObject code = Disassembler.of("java.util.ArrayList#add(Object)", LOADER);
    assertThat(code.instructions()).isNotEmpty().noneMatch(one -> one.coarse() || one.fine());
    assertThat(code.text()).contains("the JDK's classes run without checks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "overloaded(int,String)",
        "overloaded( int, java.lang.String )",
        "overloaded(ILjava/lang/String;)V",
        "overloaded(List)",
        "overloaded(List<String>)",
        "overloaded(Object...)",
        "overloaded(java.lang.Object[])",
      })
  void anOverloadIsNamedByItsParameters(String method) {
    assertThat(Disassembler.of(Samples.class, method).name()).isEqualTo("overloaded");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "overloaded       | has 3 methods overloaded. Write one of: | NAME#overloaded(int,String)",
        "overloaded(long) | no method overloaded with these parameters | NAME#overloaded(Object[])",
        "incremnt         | no method incremnt        | Did you mean NAME#increment?",
        "incr             | no method incr            | Did you mean NAME#increment?",
        "zzz              | no method zzz             | choose, constants, guarded",
        "overloaded(int   | closing parenthesis       | overloaded(int",
      })
  void anErrorSaysWhatToAskFor(String method, String problem, String remedy) {
    assertThatThrownBy(() -> Disassembler.of(Samples.class, method))
        .isInstanceOf(DisassemblyException.class)
        .hasMessageContaining(problem)
        .hasMessageContaining(remedy.replace("NAME", SAMPLES));
  }

  @Test
  void aMistypedClassIsFoundOnTheClassPathAndInTheJdk() {
    assertThatThrownBy(() -> Disassembler.of("com.acme.Sampels#locals", LOADER))
        .hasMessageContaining("Did you mean " + SAMPLES);
    assertThatThrownBy(() -> Disassembler.of("java.util.ArayList#add", LOADER))
        .hasMessageContaining("java.util.ArrayList");
    assertThatThrownBy(() -> Disassembler.of("com.acme.Qqxxzz#add", LOADER))
        .hasMessageContaining("There is no class com.acme.Qqxxzz")
        .hasMessageContaining("--classpath");
  }

  @Test
  void aTargetNeedsAMethod() {
    assertThatThrownBy(() -> Disassembler.of(SAMPLES, LOADER))
        .isInstanceOf(DisassemblyException.class)
        .hasMessageContaining("CLASS#METHOD");
  }
}
