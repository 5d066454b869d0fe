// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the JDK's own disassembler, on whole classes. */
class JavapTest {
  private static final Pattern INSTRUCTION =
      Pattern.compile("^ {2,}(\\d+): ([a-z][a-z0-9_]*)\\b(?: +(#\\d+))?.*$", Pattern.MULTILINE);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "java.util.ArrayList",
        "java.util.HashMap",
        "java.lang.String",
        "java.math.BigDecimal",
        "java.util.concurrent.ConcurrentHashMap",
        "java.util.stream.Collectors",
        "java.util.regex.Pattern",
      })
  void offsetsInstructionsAndConstantsAreThoseOfJavap(String name) {
    List<String> ours =
        all(name).stream()
            .flatMap(code -> code.instructions().stream())
            .map(JavapTest::written)
            .toList();
    assertThat(ours).hasSizeGreaterThan(500).isEqualTo(ofJavap(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"java.util.stream.Collectors", "java.lang.String"})
  void theTextFitsIntoATerminal(String name) {
    for (CodeObject code : all(name)) {
      assertThat(code.text().lines()).allMatch(line -> line.length() <= 80);
    }
  }

  private static List<CodeObject> all(String name) {
    ClassFile file = ClassFile.find(name, ClassLoader.getSystemClassLoader()).orElseThrow();
    return file.methods().stream()
        .map(code -> new CodeReading(file, type -> true).read(code))
        .toList();
  }

  private static String written(Instruction one) {
    Matcher wide = Pattern.compile("wide (.*)").matcher(one.mnemonic());
    String mnemonic = wide.matches() ? wide.group(1) + "_w" : one.mnemonic();
    String constant = one.operands().startsWith("#") ? one.operands().split(" ", -1)[0] : null;
    return one.offset() + " " + mnemonic + " " + constant;
  }

  private static List<String> ofJavap(String name) {
    StringWriter out = new StringWriter();
    int failed =
        ToolProvider.findFirst("javap")
            .orElseThrow()
            .run(new PrintWriter(out), new PrintWriter(out), "-c", "-p", name);
    assertThat(failed).isZero();
    return INSTRUCTION
        .matcher(out.toString())
        .results()
        .map(found -> found.group(1) + " " + found.group(2) + " " + found.group(3))
        .toList();
  }
}
