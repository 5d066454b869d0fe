// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what is there, what is missing, and the exact line to add. */
@Command(
    name = "doctor",
    description = "Say what this JVM and class path have, what is missing and what to add.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:all is well", "1:something is missing", "2:bad usage"})
final class DoctorCommand implements Callable<Integer> {
  @Mixin private final SharedOptions shared = new SharedOptions();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Format format = Format.text;

  private enum Format {
    text,
    json
  }

  @Override
  public Integer call() throws Exception {
    Diagnosis diagnosis = Diagnosis.ofThisJvm();
    if (format == Format.json) {
      System.out.println(
          JsonMapper.builder()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .build()
              .writeValueAsString(diagnosis));
    } else {
      System.out.print(diagnosis.text(shared.isVerbose()));
    }
    return diagnosis.healthy() ? 0 : 1;
  }
}
