// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.faults.Fault;
import dev.interlock.examples.faults.FaultResult;
import dev.interlock.examples.faults.Faults;
import dev.interlock.examples.matrix.TextColumns;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Makes tasks hang, crash and vanish in child JVMs, and shows what comes of it. */
@Command(
    name = "faults",
    description = "Let tasks hang, crash and be cancelled in child JVMs, and see what comes of it.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:everything came as promised", "1:something did not", "2:bad usage"})
final class FaultsCommand implements Callable<Integer> {
  private static final int WIDTH = 80;

  @Mixin private final SharedOptions shared = new SharedOptions();

  @CommandLine.Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Faults, or groups of them: time-out, crash, start, cancel, life.")
  private List<String> only = List.of();

  @Option(names = "--list", description = "List the faults and what is promised; run nothing.")
  private boolean list;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<Fault> chosen = chosen();
    int nameWidth = chosen.stream().mapToInt(fault -> fault.name().length()).max().orElse(0);
    int wrong = 0;
    for (Fault fault : chosen) {
      String name = fault.name() + " ".repeat(nameWidth + 2 - fault.name().length());
      if (list) {
        print(out, name, fault.promise(), "");
        continue;
      }
      FaultResult result = fault.trial().run();
      print(out, name, result.what(), result.asPromised() ? "" : "NOT AS PROMISED");
      if (!result.asPromised()) {
        wrong++;
        print(out, " ".repeat(name.length()), fault.promise(), "");
      }
      if (shared.isVerbose() || !result.asPromised()) {
        result.detail().lines().forEach(line -> out.println("    " + line));
      }
      out.flush();
    }
    if (!list) {
      out.println();
      out.println(
          wrong == 0
              ? "All " + chosen.size() + " as promised."
              : wrong + " of " + chosen.size() + " not as promised.");
    }
    out.flush();
    return wrong == 0 ? 0 : 1;
  }

  private static void print(PrintWriter out, String name, String text, String mark) {
    String all = mark.isEmpty() ? text : text + "  " + mark;
    String indent = name;
    for (String line : TextColumns.wrap(all, WIDTH - name.length())) {
      out.println(indent + line);
      indent = " ".repeat(name.length());
    }
  }

  private List<Fault> chosen() {
    List<Fault> all = Faults.all();
    if (only.isEmpty()) {
      return all;
    }
    List<Fault> chosen = new ArrayList<>();
    for (String word : only) {
      List<Fault> named =
          all.stream()
              .filter(fault -> fault.name().equals(word) || fault.group().equals(word))
              .toList();
      if (named.isEmpty()) {
        throw new BadUsageException(
            "--only is '" + word + "', but there is no such fault. 'faults --list' has them.");
      }
      chosen.addAll(named);
    }
    return chosen.stream().distinct().toList();
  }
}
