// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.google.common.base.Throwables;
import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.NotShareableException;
import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.tasks.CrashTasks;
import dev.interlock.examples.tasks.StartupTasks;
import dev.interlock.examples.tasks.TaskSets;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The main loop of a JVM that measures: one cell after the other, each reported on standard output
 * as soon as it is done. What tasks print goes to standard error instead.
 *
 * <p>The JVM ends with its parent: standard input is never written to, so its end means that the
 * parent is gone.
 */
public final class CellHost {
  private static final Logger log = LoggerFactory.getLogger(CellHost.class);
  private static final long EXIT_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int ORPHANED = 3;

  private final CellRequest request;
  private final PrintStream out;
  private final Bench bench;

  /** Why the executor cannot be opened, once that was tried in vain. */
  private @Nullable String notOpened;

  private CellHost(CellRequest request, PrintStream out) {
    this.request = request;
    this.out = out;
    this.bench = new Bench(request);
  }

  /** Measures what the one argument, a {@link CellRequest} in JSON, asks for. */
  public static void main(String[] arguments) {
    CellRequest request = CellRequest.fromJson(arguments[0]);
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    startDaemon("parent-watch", CellHost::endWithParent);
    new CellHost(request, out).measureAll();
    System.exit(0); // whatever threads a user's tasks have left running
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes here; only the end counts.
      }
    } catch (IOException e) {
      log.debug("Standard input broke, which is its end", e);
    }
    startDaemon(
        "halt-if-stuck",
        () -> {
          LockSupport.parkNanos(EXIT_LIMIT_NS);
          Runtime.getRuntime().halt(ORPHANED);
        });
    System.exit(ORPHANED); // lets the strategies clean up
  }

  private static void startDaemon(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void measureAll() {
    for (String name : request.tasks()) {
      try {
        TaskSet<?, ?> set = TaskSets.named(name, CellHost.class.getClassLoader());
        tell(new CellMessage.Measured(measure(set)));
      } catch (BadUsageException | ConfigurationException e) {
        tell(new CellMessage.Refused(String.valueOf(e.getMessage())));
        return;
      }
    }
  }

  private RawCell measure(TaskSet<?, ?> set) {
    String obstacle = obstacle(set);
    if (!obstacle.isEmpty()) {
      return RawCell.unmeasured(set.name(), CellStatus.UNSUPPORTED, obstacle);
    }
    if (notOpened != null) {
      return RawCell.unmeasured(set.name(), CellStatus.FAILED, notOpened);
    }
    try {
      return measurementOf(set)
          .measure(bench, run -> tell(new CellMessage.Running(set.name(), run)));
    } catch (BadUsageException | ConfigurationException e) {
      throw e;
    } catch (Bench.NotOpenedException e) {
      log.debug("{} was not measured", set.name(), e);
      notOpened = String.valueOf(e.getMessage());
      return RawCell.unmeasured(set.name(), CellStatus.FAILED, notOpened);
    } catch (NotShareableException e) {
      return RawCell.unmeasured(set.name(), CellStatus.UNSUPPORTED, String.valueOf(e.getMessage()));
    } catch (Throwable e) { // whatever a user's tasks throw is the cell's outcome
      log.debug("{} failed", set.name(), e);
      return RawCell.unmeasured(
          set.name(), CellStatus.FAILED, Throwables.getRootCause(e).toString());
    }
  }

  private static Bench.Measurement measurementOf(TaskSet<?, ?> set) {
    if (set instanceof CrashTasks) {
      return new CrashMeasurement();
    }
    if (set instanceof StartupTasks) {
      return new StartupMeasurement(set.name());
    }
    return new RepeatedRuns<>(set);
  }

  /** Why the strategy cannot run the set, or an empty text. */
  private String obstacle(TaskSet<?, ?> set) {
    if (request.strategy().equals(Cell.SEQUENTIAL)) {
      return "";
    }
    ExecutorProvider provider = Strategies.find().named(request.strategy(), "--strategies");
    if (!provider.problems().isEmpty()) {
      return String.join(" ", provider.problems());
    }
    Set<Capability> missing = new TreeSet<>(set.requires());
    missing.removeAll(Spark.capabilities(provider, request.config()));
    if (missing.isEmpty()) {
      return "";
    }
    if (missing.contains(Capability.SHARED_MEMORY)) {
      return "no shared memory: each worker has a copy of its own of what the tasks change.";
    }
    return "needs "
        + missing.toString().toLowerCase(Locale.ROOT).replace('_', ' ')
        + ", which the strategy does not have.";
  }

  private synchronized void tell(CellMessage message) {
    out.println(CellLines.write(message));
  }
}
