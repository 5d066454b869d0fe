// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.tasks.CrashTasks;
import dev.interlock.examples.tasks.StartupTasks;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The cells of one strategy: measured in one JVM, start-up first, except that a crash gets one of
 * its own, and so do the sets that are left when a JVM dies.
 */
final class StrategyCells {
  private final MatrixRequest request;
  private final String strategy;
  private final URI server;
  private final Progress progress;
  private final Plan plan;
  private final Map<String, RawCell> cells = new TreeMap<>();

  StrategyCells(MatrixRequest request, String strategy, URI server, Progress progress) {
    this.request = request;
    this.strategy = strategy;
    this.server = server;
    this.progress = progress;
    this.plan = Plan.of(request.quick());
  }

  /** Measures all sets; by the name under which the user gave them, in that order. */
  Map<String, RawCell> measure() throws IOException, InterruptedException {
    List<String> together = new ArrayList<>();
    List<String> alone = new ArrayList<>();
    for (Map.Entry<String, TaskSet<?, ?>> entry : request.tasks().entrySet()) {
      if (entry.getValue() instanceof CrashTasks) {
        alone.add(entry.getKey());
      } else if (entry.getValue() instanceof StartupTasks) {
        together.add(0, entry.getKey()); // before the others leave their garbage in memory
      } else {
        together.add(entry.getKey());
      }
    }
    while (!together.isEmpty()) {
      together = measureInOneJvm(together);
    }
    for (String name : alone) {
      measureInOneJvm(List.of(name));
    }
    Map<String, RawCell> inOrder = new LinkedHashMap<>();
    for (String name : request.tasks().keySet()) {
      inOrder.put(name, cells.get(name));
    }
    return inOrder;
  }

  /** Returns the sets that are left after the JVM died. */
  private List<String> measureInOneJvm(List<String> names)
      throws IOException, InterruptedException {
    progress.at(strategy, null, 0);
    List<String> command =
        JvmCommand.of(
            CellHost.class,
            strategy,
            request.classPath(),
            new CellRequest(
                    strategy,
                    names,
                    request.quick(),
                    request.input(),
                    server,
                    request.workers(),
                    request.config())
                .toJson());
    int next = 0;
    try (CellJvm jvm = CellJvm.start(command, request.verbose())) {
      while (next < names.size()) {
        Optional<CellMessage> message = jvm.next(plan.patience());
        if (message.isEmpty()) {
          String name = names.get(next++);
          record(name, died(name, jvm.death()));
          break;
        }
        if (message.get() instanceof CellMessage.Running running) {
          progress.at(strategy, running.tasks(), running.run());
        } else if (message.get() instanceof CellMessage.Measured measured) {
          record(names.get(next++), measured.cell());
        } else if (message.get() instanceof CellMessage.Refused refused) {
          throw new BadUsageException(refused.reason());
        }
      }
    } catch (CellJvm.SilentException e) {
      String name = names.get(next++);
      record(name, failed(name, e.getMessage() + "; its JVM was killed."));
    }
    return names.subList(next, names.size());
  }

  private void record(String name, RawCell cell) {
    cells.put(name, request.verbose() ? cell : cell.withLockTogether());
    progress.cellDone();
  }

  private RawCell died(String name, String death) {
    boolean onPurpose = request.tasks().get(name) instanceof CrashTasks;
    return failed(
        name,
        onPurpose
            ? "the whole JVM is lost (exit code "
                + CrashTasks.EXIT_CODE
                + "): "
                + CrashMeasurement.survived(0)
                + "."
            : "the JVM died: " + death + ".");
  }

  private RawCell failed(String name, String reason) {
    return RawCell.unmeasured(
        Objects.requireNonNull(request.tasks().get(name)).name(), CellStatus.FAILED, reason);
  }
}
