// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

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
}
