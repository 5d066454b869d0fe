// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Task;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A JVM without any flags, whose output belongs to the user. */
class CleanOutputTest {

  /** What the child JVM runs. */
  static final class Child {
    public static void main(String[] args) throws Exception {
      TaskCodec codec = new TaskCodec(Child.class.getClassLoader());
      int n = args.length;
      Task<Integer> task = () -> n + 42;
      Map<String, Object> graph =
          new HashMap<>(Map.of("t", task, "e", new IllegalStateException("x"), "a", new int[9]));
      graph.put("local", Samples.local(3));
      graph.put("all", new Samples.AllFieldTypes());
      graph.put("labelled", new Samples.Labelled("l"));
      Map<?, ?> back = (Map<?, ?>) codec.decode(codec.encode(graph));
      System.out.print(((Task<?>) back.get("t")).call());
    }
  }

  @Test
  void nothingButTheTasksOwnOutput() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath = System.getProperty("java.class.path");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(java, "-Xmx128m", "-cp", classPath, Child.class.getName()));
    builder.environment().remove("JDK_JAVA_OPTIONS");
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process child = builder.redirectErrorStream(true).start();
    try {
      child.getOutputStream().close();
      assertThat(new String(child.getInputStream().readAllBytes(), UTF_8)).isEqualTo("42");
      assertThat(child.waitFor()).isZero();
    } finally {
      child.destroyForcibly();
    }
  }
}
