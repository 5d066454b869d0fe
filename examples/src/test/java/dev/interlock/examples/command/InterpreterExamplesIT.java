// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The small programs about interpreters, as users run them. */
@Timeout(120)
class InterpreterExamplesIT {
  private static String run(String program, String... arguments) throws Exception {
    Command.Ended ended =
        Command.runClass("dev.interlock.examples.interpreters." + program, Map.of(), arguments);
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out();
  }

  @Test
  void eachInterpreterHasStaticsOfItsOwn() throws Exception {
    assertThat(run("OwnStatics").lines())
        .containsExactly("one: 2", "two: 1", "here: 1", "with an argument: 4");
  }

  @Test
  void sourceKeepsItsState() throws Exception {
    assertThat(run("Source").lines())
        .containsExactly(
            "56, spam and eggs",
            "does not compile in line 2",
            "threw java.lang.ArithmeticException: / by zero");
  }

  @Test
  void interpretersComputeInThreads() throws Exception {
    assertThat(run("InThreads")).isEqualTo("primes: 78498\n");
  }

  @Test
  void whatIsRefusedHasAType() throws Exception {
    assertThat(run("Lifecycle").lines())
        .containsExactly(
            "[Interpreter(0), Interpreter(1)] interpreters module",
            "here: Interpreter(0)",
            "there: Interpreter(1)",
            "close the main one: UnmanagedInterpreterException",
            "from within: Interpreter 1 runs code and cannot be closed.",
            "close it while it runs: done",
            "close it: done",
            "call it then: InterpreterNotFoundException",
            "[Interpreter(0)]");
  }

  @Test
  void queuesAreBetweenInterpreters() throws Exception {
    assertThat(run("Queues").lines())
        .containsExactly(
            "bills: 3.5, 7.0",
            "full: true, size 2",
            "Order[number=1, dishes=[spam]]",
            "the same handle: true",
            "empty: true");
  }

  @Test
  void itemsOfAnEndedInterpreterHaveAPolicy() throws Exception {
    assertThat(run("ItemsLeftBehind").lines())
        .containsExactly(
            "while it lives: 4",
            "when it has ended: 3",
            "UNBOUND",
            "ItemInterpreterDestroyedException",
            "with KEEP");
  }

  @Test
  void aDurableQueueKeepsItsItemsForTheNextRun(@TempDir Path directory) throws Exception {
    assertThat(run("DurableQueue", directory.toString())).isEqualTo("put 2\n");
    assertThat(run("DurableQueue", directory.toString()).lines())
        .containsExactly(
            "got Order[number=1, dishes=[spam]]", "got Order[number=2, dishes=[spam, eggs]]");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void directBuffersShareTheirMemory() throws Exception {
    assertThat(run("SharedMemory").lines())
        .containsExactly("262144 numbers, the last one 524286", "a byte array is copied: 1");
  }
}
