// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {
  @Test
  void theProgramInTheReadmeIsTheOneThatIsCompiled() throws Exception {
    String readme = Files.readString(Path.of("../README.md"));
    String source =
        Files.readString(Path.of("src/main/java/dev/interlock/examples/readme/Squares.java"));
    String program =
        source
            .lines()
            .dropWhile(line -> !line.startsWith("import "))
            .collect(Collectors.joining("\n"));
    assertThat(readme).contains("```java\n" + program + "\n```");
  }

  /** Numbers of constants aside, which are the compiler's choice. */
  @ParameterizedTest
  @ValueSource(strings = {"../README.md", "../docs/increment.md"})
  void theListingIsTheOneThatTheCommandPrints(String page) throws Exception {
    String listing = InProcess.execute("dis", "increment").out();
    assertThat(Files.readString(Path.of(page)).replaceAll("#\\d+", "#"))
        .contains("$ ./interlock dis increment\n" + listing.replaceAll("#\\d+", "#") + "```");
  }
}
