// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.examples.matrix.Spark;
import dev.interlock.spi.Strategies;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
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

  @Mixin private final FormatOption format = new FormatOption();

  @Mixin private final MasterOption master = new MasterOption();

  @Option(
      names = "--strategies",
      split = ",",
      paramLabel = "NAME",
      description = "Which strategies must be there; default: all but spark.")
  private List<String> strategies = List.of();

  @Override
  public Integer call() throws Exception {
    Diagnosis diagnosis = Diagnosis.ofThisJvm(wanted(Strategies.find()));
    System.out.print(format.write(diagnosis, () -> diagnosis.text(shared.isVerbose())));
    return diagnosis.healthy() ? 0 : 1;
  }

  private Set<String> wanted(Strategies found) {
    Set<String> wanted = new TreeSet<>(strategies);
    wanted.stream()
        .filter(name -> !found.absent().contains(name))
        .forEach(name -> found.named(name, "--strategies"));
    if (strategies.isEmpty()) {
      wanted.addAll(found.absent());
      wanted.remove(Spark.NAME);
    }
    if (master.isGiven()) {
      wanted.add(Spark.NAME);
    }
    return wanted;
  }
}
