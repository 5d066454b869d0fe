// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.UndecodableException;
import dev.interlock.codec.TaskCodec;
import dev.interlock.contract.LeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A handle crosses within the process, and has no meaning beyond it. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HandleTest {
  @TempDir Path temporary;

  @Test
  void theCodecGivesTheSameHandleAsLongAsTheQueueIsOpen() {
    TaskCodec codec = new TaskCodec(getClass().getClassLoader());
    byte[] bytes;
    try (InterpreterQueue queue = Interpreters.createQueue()) {
      bytes = codec.encode(List.of(queue, queue));
      assertThat((List<?>) codec.decode(bytes)).allSatisfy(q -> assertThat(q).isSameAs(queue));
    }
    assertThatThrownBy(() -> codec.decode(bytes))
        .isInstanceOf(UndecodableException.class)
        .hasStackTraceContaining("There is no queue");
  }

  @Test
  void anotherProcessRefusesTheHandle() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue();
        Interpreter interpreter = Interpreters.create()) {
      assertThat(decodedElsewhere(queue))
          .contains("UndecodableException")
          .contains("The queue " + queue.id() + " belongs to another process");
      assertThat(decodedElsewhere(List.of(interpreter)))
          .contains("UndecodableException")
          .contains("The interpreter " + interpreter.id() + " belongs to another process");
    }
  }

  private String decodedElsewhere(Object value) throws Exception {
    Path file = temporary.resolve("handle");
    Files.write(file, new TaskCodec(getClass().getClassLoader()).encode(value));
    try (ChildJvm child = ChildJvm.start(temporary, Decoder.class, file.toString())) {
      assertThat(child.exitCode()).as(child.err()).isZero();
      return child.out();
    }
  }

  /** Decodes what is in a file. */
  static final class Decoder {
    public static void main(String[] arguments) throws Exception {
      byte[] bytes = Files.readAllBytes(Path.of(arguments[0]));
      try {
        System.out.println(new TaskCodec(Decoder.class.getClassLoader()).decode(bytes));
      } catch (UndecodableException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
          cause = cause.getCause();
        }
        System.out.println(e + " because of " + cause);
      }
    }
  }
}
