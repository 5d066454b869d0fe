// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadUsageTest {
  @AfterEach
  void forgetTheMaster() {
    System.clearProperty("interlock.spark.master");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "matrix --nope                    | Unknown option: '--nope' | interlock matrix --help",
        "frobnicate                       | 'frobnicate'             | interlock --help",
        "matrix --strategies warp         | no such strategy         | process-pool",
        "run --strategy warp --tasks crunch | no such strategy       | process-pool",
        "run                              | --tasks                  | interlock run --help",
        "matrix --tasks com.acme.Nope     | com.acme.Nope            | crunch, fetch",
        "matrix --tasks crunch --input DIR/none   | DIR/none does not exist | --input",
        "matrix --tasks crunch --input DIR/file   | DIR/file is not a directory | --input",
        "matrix --tasks crunch --workers 0        | at least 1       | --workers",
        "matrix --tasks crunch --workers many     | many             | --workers",
        "matrix --format xml              | --format                 | text, markdown, json, csv",
        "matrix --tasks crunch --output DIR/none/report | --output   | DIR/none/report",
        "matrix --tasks crunch --classpath DIR/none.jar | --classpath | DIR/none.jar",
        "matrix --tasks crunch --config DIR/none.conf   | --config   | DIR/none.conf",
        "matrix --tasks crunch --config DIR/file        | --config   | file: 1",
        "matrix --strategies spark        | not on the class path    | interlock-spark",
        "run --strategy spark --tasks crunch | not on the class path | interlock-spark",
        "matrix --tasks crunch --master spark://h:1 | --master is for spark | --strategies spark",
        "doctor --strategies warp         | no such strategy         | process-pool",
        "increment --switch-interval soon | soon                     | 5ms, 0.5us or 1ns",
        "increment --attempts 0           | --attempts is 0          | from 1 to 1000000",
        "increment --threads 101          | --threads is 101         | from 1 to 100",
        "increment --strategy warp        | no such strategy         | process-pool",
        "increment --strategy process-pool | needs shared memory     | free-threaded",
        "increment                        | no agent                 | -javaagent:",
        "dis                              | CLASS#METHOD             | interlock dis --help",
        "dis crunsh                       | crunsh                   | CLASS#METHOD",
        "dis java.util.ArayList#add       | no class                 | java.util.ArrayList",
        "dis java.util.ArrayList#ad       | no method ad             | java.util.ArrayList#add",
        "dis java.util.ArrayList#add      | 3 methods add            | ArrayList#add(int,Object)",
        "dis increment --mode medium      | --mode                   | coarse, fine",
        "dis a.B#c --classpath DIR/no.jar | --classpath              | DIR/no.jar",
        "dis increment --output DIR/none/report | --output           | DIR/none/report",
      })
  void oneSentenceSaysWhatToDo(String line, String what, String remedy, @TempDir Path dir)
      throws Exception {
    Files.writeString(dir.resolve("file"), "this = is { not HOCON");
    String[] arguments = line.replace("DIR", dir.toString()).split(" ", -1);
    InProcess outcome = InProcess.execute(arguments);
    assertThat(outcome.err())
        .contains(what.replace("DIR", dir.toString()), remedy.replace("DIR", dir.toString()));
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.code()).isEqualTo(2);
  }

  @Test
  void theStackIsShownOnRequest() {
    InProcess outcome = InProcess.execute("matrix", "--tasks", "com.acme.Nope", "--verbose");
    assertThat(outcome.err()).contains("\tat dev.interlock.examples");
    assertThat(outcome.code()).isEqualTo(2);
  }
}
