// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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

  @Mixin private final FormatOption format = new FormatOption();

  @Override
  public Integer call() throws Exception {
    Diagnosis diagnosis = Diagnosis.ofThisJvm();
    System.out.print(format.write(diagnosis, () -> diagnosis.text(shared.isVerbose())));
    return diagnosis.healthy() ? 0 : 1;
  }
}
