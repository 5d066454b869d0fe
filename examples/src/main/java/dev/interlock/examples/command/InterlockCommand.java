// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import com.google.common.base.Throwables;
import dev.interlock.ConfigurationException;
import dev.interlock.examples.BadUsageException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The command itself; alone it prints its help. */
@Command(
    name = "interlock",
    description = {
      "One executor API, several runtimes behind it: measure which one your tasks should use.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    subcommands = {
      MatrixCommand.class,
      RunCommand.class,
      IncrementCommand.class,
      FaultsCommand.class,
      DisCommand.class,
      DoctorCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:a cell failed that should not have", "2:bad usage"})
public final class InterlockCommand implements Runnable {
  private static final int FAILED = 1;
  private static final int BAD_USAGE = 2;
  private static final int INTERRUPTED = 130;

  @Mixin private final SharedOptions shared = new SharedOptions();

  @CommandLine.Spec private CommandSpec spec = CommandSpec.create();

  /** Runs the command line and returns its exit code. */
  public static int execute(String... arguments) {
    InterlockCommand command = new InterlockCommand();
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((error, words) -> explainUsage(error))
        .setExecutionExceptionHandler((error, failed, parsed) -> command.explain(error, failed))
        .execute(arguments);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int explainUsage(ParameterException error) {
    CommandLine command = error.getCommandLine();
    command
        .getErr()
        .println(
            "interlock: "
                + error.getMessage()
                + (String.valueOf(error.getMessage()).endsWith(".") ? "" : ".")
                + " See '"
                + command.getCommandSpec().qualifiedName()
                + " --help'.");
    return BAD_USAGE;
  }

  /** One sentence; the stack only on request. */
  private int explain(Exception error, CommandLine command) {
    PrintWriter err = command.getErr();
    if (error instanceof InterruptedException) {
      err.println("interlock: interrupted.");
      return INTERRUPTED;
    }
    boolean usage = error instanceof BadUsageException || error instanceof ConfigurationException;
    err.println(
        "interlock: "
            + (usage
                ? error.getMessage()
                : "failed unexpectedly: " + Throwables.getRootCause(error)));
    if (shared.isVerbose() || command.getParseResult().hasMatchedOption("--verbose")) {
      error.printStackTrace(err);
    } else if (!usage) {
      err.println("Run it again with --verbose to see where.");
    }
    err.flush();
    return usage ? BAD_USAGE : FAILED;
  }
}
