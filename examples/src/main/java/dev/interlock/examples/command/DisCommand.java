// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.increment.Counter;
import dev.interlock.examples.tasks.TaskSets;
import dev.interlock.gil.dis.CodeObject;
import dev.interlock.gil.dis.Disassembler;
import dev.interlock.gil.dis.DisassemblyException;
import dev.interlock.gil.instrument.SwitchPoints;
import java.net.URLClassLoader;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a method as bytecode, after Python's {@code dis}. */
@Command(
    name = "dis",
    description = {
      "Print a method as bytecode, as Python's dis does, and mark where the interpreter lock can"
          + " change hands.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "2:bad usage: no such class or method"})
final class DisCommand implements Callable<Integer> {
  private static final String INCREMENT = "increment";

  @SuppressWarnings("UnusedVariable") // picocli fills it; what it sets is read elsewhere
  @Mixin
  private final SharedOptions shared = new SharedOptions();

  @Mixin private final FormatOption format = new FormatOption();
  @Mixin private final OutputOption output = new OutputOption();
  @Mixin private final ClassPathOption classPath = new ClassPathOption();

  @Parameters(
      paramLabel = "CLASS#METHOD",
      description = {
        "Such as java.util.ArrayList#size, 'a.Bar#f(int,String)', 'a.Bar#<init>'.",
        "Or increment, for the num++ of the experiment, or the name of another task set, for its"
            + " function."
      })
  private String target = "";

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "In text, mark only the switch points of one mode: ${COMPLETION-CANDIDATES}.")
  private @Nullable Mode mode;

  private enum Mode {
    coarse(SwitchPoints.COARSE),
    fine(SwitchPoints.FINE);

    private final SwitchPoints points;

    Mode(SwitchPoints points) {
      this.points = points;
    }
  }

  @Override
  public Integer call() throws Exception {
    output.check();
    CodeObject code = disassemble();
    output.write(format.write(code, () -> mode == null ? code.text() : code.text(mode.points)));
    return 0;
  }

  private CodeObject disassemble() throws Exception {
    String name = target.strip();
    try (URLClassLoader loader = classPath.loader()) {
      if (name.equals(INCREMENT)) {
        return Disassembler.of(Counter.class, INCREMENT);
      }
      if (TaskSets.builtInNames().contains(name)) {
        return Disassembler.of(TaskSets.named(name, loader).function());
      }
      if (!name.contains("#")) {
        throw new BadUsageException(
            "'"
                + name
                + "' is neither CLASS#METHOD, such as java.util.ArrayList#size, nor one of "
                + String.join(", ", TaskSets.builtInNames())
                + ".");
      }
      return Disassembler.of(name, loader);
    } catch (DisassemblyException e) {
      throw new BadUsageException(String.valueOf(e.getMessage()), e);
    }
  }
}
