// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.TaskSetting;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaskSetsTest {
  private static final ClassLoader LOADER = TaskSetsTest.class.getClassLoader();

  static List<String> names() {
    return TaskSets.builtInNames();
  }

  @ParameterizedTest
  @MethodSource("names")
  void inputsAreTheSameEachTime(String name, @TempDir Path input) throws Exception {
    Files.writeString(input.resolve("some.txt"), "some words");
    TaskSet<?, ?> set = TaskSets.named(name, LOADER);
    TaskSetting setting = new TaskSetting(input, URI.create("http://127.0.0.1:1/"), false);
    assertThat(set.name()).isEqualTo(name);
    assertThat(set.inputs(setting)).isNotEmpty();
    assertThat(Arrays.deepEquals(set.inputs(setting).toArray(), set.inputs(setting).toArray()))
        .isTrue();
  }

  @Test
  void anUnknownNameIsAnErrorThatListsTheKnownOnes() {
    assertThatThrownBy(() -> TaskSets.named("com.acme.Nope", LOADER))
        .isInstanceOf(BadUsageException.class)
        .hasMessageContaining("No such task class: com.acme.Nope")
        .hasMessageContaining("crunch, fetch, fetch-many")
        .hasMessageContaining("--classpath");
  }

  @Test
  void aClassThatIsNoTaskSetIsAnError() {
    assertThatThrownBy(() -> TaskSets.named("java.lang.String", LOADER))
        .isInstanceOf(BadUsageException.class)
        .hasMessageContaining("does not implement");
  }

  @Test
  void filesAreSummarizedAndBuildOutputIsLeftOut(@TempDir Path input) throws Exception {
    Files.writeString(input.resolve("b.txt"), "one two\n three", StandardCharsets.UTF_8);
    Files.createDirectories(input.resolve("target"));
    Files.writeString(input.resolve("target/c.txt"), "left out");
    Files.createDirectories(input.resolve("deep/er"));
    Files.write(input.resolve("deep/er/a.bin"), new byte[200_000]);
    FileTasks set = new FileTasks();
    List<String> files =
        set.inputs(new TaskSetting(input, URI.create("http://127.0.0.1:1/"), false));
    assertThat(files).hasSize(2).allMatch(file -> !file.contains("target"));
    FileSummary zeros = set.function().apply(input.resolve("deep/er/a.bin").toString());
    assertThat(zeros.bytes()).isEqualTo(200_000);
    assertThat(zeros.words()).isZero();
    assertThat(zeros.deflatedBytes()).isLessThan(1_000);
    FileSummary text = set.function().apply(input.resolve("b.txt").toString());
    assertThat(text.words()).isEqualTo(3);
    assertThat(text.sha256()).hasSize(64);
  }

  @Test
  void aTreeWithoutFilesIsAnError(@TempDir Path empty) {
    TaskSetting setting = new TaskSetting(empty, URI.create("http://127.0.0.1:1/"), false);
    assertThatThrownBy(() -> new FileTasks().inputs(setting))
        .isInstanceOf(BadUsageException.class)
        .hasMessageContaining("No readable file");
  }
}
