// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentOptionsTest {
  @Test
  void listsGoOnUntilTheNextKey() {
    AgentOptions options = AgentOptions.read("exclude=com.foo., com.bar.*,fine=com.foo.Counter");
    assertThat(options.exclude())
        .map(NamePattern::toString)
        .containsExactly("com.foo.", "com.bar.*");
    assertThat(options.fine()).map(NamePattern::toString).containsExactly("com.foo.Counter");
    assertThat(options.instrument()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "exclude=", " , "})
  void nothingIsNothing(String argument) {
    AgentOptions options = AgentOptions.read(argument);
    assertThat(options.exclude()).isEmpty();
    assertThat(options.fine()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          exclud=com.foo.  | 'exclud' is unknown. There are exclude, instrument and fine.
          com.foo.         | 'com.foo.' belongs to no list. Write exclude=com.foo..
          exclude=com/foo/ | 'com/foo/' is not a pattern for class names.
          fine=a b         | 'a b' is not a pattern for class names.
          """)
  void whatIsWrongIsSaid(String argument, String message) {
    assertThatThrownBy(() -> AgentOptions.read(argument))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(argument)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({
    "com.foo.Bar, com.foo.Bar, true",
    "com.foo.Bar, com.foo.Bar$Nested, true",
    "com.foo.Bar, com.foo.Bars, false",
    "com.foo.Bar, com.foo.bar, false",
    "com.foo., com.foo.Bar, true",
    "com.foo., com.foo.below.Bar, true",
    "com.foo., com.food.Bar, false",
    "com.foo.*, com.foo.below.Bar, true",
    "com.*.Bar, com.foo.below.Bar, true",
    "*Task, com.foo.SomeTask, true",
    "*Task, com.foo.SomeTask$Part, true",
    "*Task, com.foo.Tasks, false",
    "*, Anything, true"
  })
  void patternsMatchNames(String pattern, String name, boolean matches) {
    assertThat(NamePattern.of(pattern).matches(name)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "com/foo/Bar, INSTRUMENTED",
    "com/foo/excluded/Bar, EXCLUDED",
    "com/foo/excluded/Wanted, INSTRUMENTED",
    "java/util/ArrayList, JDK",
    "javax/sql/DataSource, JDK",
    "com/sun/net/httpserver/HttpServer, JDK",
    "sun/nio/ch/Net, JDK",
    "jdk/internal/misc/Unsafe, JDK",
    "dev/interlock/TaskExecutor, RUNTIME",
    "dev/interlock/spi/TaskRun, RUNTIME",
    "dev/interlock/config/Options, RUNTIME",
    "dev/interlock/codec/Coder, RUNTIME",
    "dev/interlock/gil/GilScope, RUNTIME",
    "dev/interlock/gil/agent/GilAgent, RUNTIME",
    "org/objectweb/asm/ClassReader, RUNTIME",
    "dev/interlock/examples/tasks/CrunchTasks, INSTRUMENTED",
    "dev/interlock/contract/MapContract, INSTRUMENTED",
    "org/xml/sax/SAXException, INSTRUMENTED"
  })
  void whatIsInstrumented(String internalName, String verdict) {
    CodeSelection selection =
        new CodeSelection(
            AgentOptions.read("exclude=com.foo.excluded.,instrument=com.foo.excluded.Wanted"));
    CodeSelection.Reason why = selection.whyNot(internalName);
    assertThat(why == null ? "INSTRUMENTED" : why.name()).isEqualTo(verdict);
  }

  @Test
  void callsIntoAPartOfTheJdkGetAChecksBehindThem() {
    CodeSelection selection = new CodeSelection(AgentOptions.read(""));
    assertThat(selection.isInstrumented("com/foo/Bar")).isTrue();
    assertThat(selection.isInstrumented("java/util/ArrayList")).isFalse();
    assertThat(selection.isInstrumented("org/xml/sax/XMLReader")).isFalse();
  }
}
