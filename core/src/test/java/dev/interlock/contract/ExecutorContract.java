// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole contract. A strategy keeps it by extending this class:
 *
 * <pre>{@code
 * class GilContractTest extends ExecutorContract {
 *   GilContractTest() {
 *     super("gil-threading");
 *   }
 *
 *   @Override
 *   protected Set<String> expectedSkips() {
 *     return Set.of("S3", "I2");
 *   }
 * }
 * }</pre>
 *
 * <p>A test that needs a {@link dev.interlock.Capability} skips where the strategy does not declare
 * it; which numbers skip must be declared by {@link #expectedSkips}, or the class fails. After each
 * test nothing may be left behind ({@link LeakCheck}). What passed is recorded in {@code
 * target/contract-results} ({@link ContractRecord}).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
@ExtendWith({ContractRecord.class, LeakCheck.class})
public abstract class ExecutorContract
    implements SubmissionContract,
        MapContract,
        WaitContract,
        FailureContract,
        CallbackContract,
        CancelContract,
        TimeoutContract,
        CrashContract,
        KilledParentContract,
        ShutdownContract,
        DroppedContract,
        WorkerContract,
        IsolationContract,
        QueueContract,
        ParityContract {
  /** The name of the shared executor; its threads carry it. */
  static final String SHARED_NAME = "contract-shared";

  private final String strategy;
  private final List<Gate> gates = new ArrayList<>();
  private final AtomicInteger files = new AtomicInteger();
  private TaskExecutor shared;
  @TempDir private Path directory;

  /**
   * @param strategy the strategy's name
   */
  protected ExecutorContract(String strategy) {
    this.strategy = strategy;
  }

  /**
   * The numbers of which at least one test skips, because the strategy lacks a capability: {@code
   * Set.of("S3", "I2")}.
   */
  protected abstract Set<String> expectedSkips();

  /** The column of the contract table; a strategy with several has a subclass for each. */
  protected String column() {
    return strategy;
  }

  /**
   * Prefixes of the names of threads that the strategy's libraries keep for the life of the JVM.
   */
  protected Set<String> lastingThreads() {
    return Set.of();
  }

  /** Whether a process belongs to what the strategy runs on, and may come and go between tests. */
  protected boolean isLasting(ProcessHandle process) {
    return false;
  }

  /** Runs whatever looks strategies up: a place to make one visible that is not published. */
  protected <T> T lookingUp(Supplier<T> body) {
    return body.get();
  }

  @Override
  public int workers() {
    return 2;
  }

  @BeforeAll
  final void openShared() throws Exception {
    shared = open(builder().name(SHARED_NAME));
    assertUsable(shared);
  }

  @AfterAll
  final void closeShared() {
    if (shared != null) {
      shared.close(Waiting.limit());
    }
  }

  @AfterEach
  final void openGates() {
    gates.forEach(Gate::open);
    gates.clear();
  }

  @Override
  public final String strategy() {
    return strategy;
  }

  @Override
  public final ExecutorProvider provider() {
    return lookingUp(() -> Strategies.find().named(strategy, "the contract"));
  }

  @Override
  public final TaskExecutor executor() {
    return shared;
  }

  @Override
  public final Interlock.Builder builder() {
    return Interlock.builder().strategy(strategy).workers(workers());
  }

  @Override
  public final TaskExecutor open(Interlock.Builder builder) {
    return lookingUp(builder::open);
  }

  @Override
  public final Gate gate() {
    Gate gate = new Gate(newFile("gate"));
    gates.add(gate);
    return gate;
  }

  @Override
  public final Trace trace() {
    return new Trace(newFile("trace"));
  }

  private String newFile(String kind) {
    return directory.resolve(kind + files.incrementAndGet()).toString();
  }
}
