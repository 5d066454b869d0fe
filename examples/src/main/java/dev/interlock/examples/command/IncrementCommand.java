// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.increment.IncrementExperiment;
import dev.interlock.examples.increment.IncrementReport;
import dev.interlock.examples.increment.IncrementRequest;
import dev.interlock.examples.increment.SwitchIntervals;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The increment experiment. */
@Command(
    name = "increment",
    description = {
      "Count how often an unprotected num++ goes wrong, by how often the interpreter lock changes"
          + " hands.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class)
final class IncrementCommand implements Callable<Integer> {
  private static final int MOST_ATTEMPTS = 1_000_000;
  private static final int MOST_THREADS = IncrementExperiment.INCREMENTS;

  @SuppressWarnings("UnusedVariable") // picocli fills it; what it sets is read elsewhere
  @Mixin
  private final SharedOptions shared = new SharedOptions();

  @Mixin private final FormatOption format = new FormatOption();
  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--switch-interval",
      split = ",",
      paramLabel = "TIME",
      description = "How long a thread waits before it asks for the lock; default: 5ms,500ns,1ns.")
  private List<String> switchIntervals = List.of();

  @Option(
      names = "--attempts",
      paramLabel = "N",
      defaultValue = "100",
      description = "How often 100 increments are made; default: ${DEFAULT-VALUE}.")
  private int attempts = 100;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many threads make them; default: ${DEFAULT-VALUE}.")
  private int threads = 2;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      defaultValue = "gil-threading",
      description = "gil-threading or, for comparison, free-threaded; default: ${DEFAULT-VALUE}.")
  private String strategy = "gil-threading";

  @Override
  public Integer call() throws Exception {
    IncrementRequest request =
        new IncrementRequest(
            strategy.strip(),
            SwitchIntervals.parseAll(switchIntervals),
            inRange("--attempts", attempts, MOST_ATTEMPTS),
            inRange("--threads", threads, MOST_THREADS));
    output.check();
    IncrementReport report = IncrementExperiment.run(request);
    output.write(format.write(report, report::text));
    return 0;
  }

  private static int inRange(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new BadUsageException(
          option + " is " + value + ", but must be from 1 to " + most + ".");
    }
    return value;
  }
}
