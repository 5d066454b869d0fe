// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static dev.interlock.process.ProcessPoolTest.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.TaskExecutor;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

@ExtendWith(NothingLeft.class)
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ResourceLock("System.out")
class OutputTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Runs {@code body} with stdout and stderr caught. */
  private void caught(ThrowingRunnable body) throws Exception {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    System.setOut(new PrintStream(out, true));
    System.setErr(new PrintStream(err, true));
    try {
      body.run();
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }

  private interface ThrowingRunnable {
    void run() throws Exception;
  }

  @Test
  void linesAreForwardedWithATag() throws Exception {
    caught(
        () -> {
          try (TaskExecutor executor = pool(1).open()) {
            executor
                .submit(
                    () -> {
                      System.out.println("größe");
                      System.err.println("to err");
                      System.out.print("no line end");
                    })
                .get();
          }
        });
    assertThat(text(out).lines().toList())
        .hasSize(2)
        .allMatch(line -> line.matches("\\[worker-1 pid \\d+ task 1\\] .*"))
        .anyMatch(line -> line.endsWith("] größe"))
        .anyMatch(line -> line.endsWith("] no line end"));
    assertThat(text(err)).matches("\\[worker-1 pid \\d+ task 1\\] to err\n");
  }

  @Test
  void whatTasksPrintDoesNotTouchTheProtocol() throws Exception {
    caught(
        () -> {
          try (TaskExecutor executor = pool(2).set("process-pool.output", "discard").open()) {
            for (int i = 0; i < 20; i++) {
              int n = i;
              int answer =
                  executor
                      .submit(
                          () -> {
                            byte[] noise = new byte[100_000];
                            new Random(n).nextBytes(noise);
                            System.out.write(noise);
                            System.err.write(noise);
                            try (FileOutputStream raw = new FileOutputStream("/dev/fd/1")) {
                              raw.write(noise);
                            }
                            return n;
                          })
                      .get();
              assertThat(answer).isEqualTo(n);
            }
            assertThat(executor.stats().workersLost()).isZero();
          }
        });
    assertThat(text(out)).isEmpty();
    assertThat(text(err)).isEmpty();
  }

  @Test
  void aFloodIsForwardedWhole() throws Exception {
    caught(
        () -> {
          try (TaskExecutor executor = pool(1).open()) {
            executor
                .submit(
                    () -> {
                      for (int i = 0; i < 20_000; i++) {
                        System.out.println("line " + i);
                      }
                    })
                .get();
          }
        });
    assertThat(text(out).lines().filter(line -> line.contains("] line "))).hasSize(20_000);
  }

  @Test
  void stdinIsAtItsEnd() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      assertThat(executor.submit(() -> System.in.read()).get()).isEqualTo(-1);
    }
  }

  @Test
  void closingStdoutHarmsNothing() throws Exception {
    try (TaskExecutor executor = pool(1).open()) {
      executor
          .submit(
              () -> {
                System.out.close();
                new FileOutputStream(FileDescriptor.err).close();
                return null;
              })
          .get();
      assertThat(executor.submit(() -> 1).get()).isEqualTo(1);
    }
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(TaskMark.CHARSET);
  }
}
