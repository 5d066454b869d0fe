// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.interlock.spi.AbstractTaskExecutor;
import dev.interlock.spi.InterruptSlot;
import dev.interlock.spi.TaskRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No monitor and no lock in what runs between submit and result, by the byte code. */
class LockFreedomTest {
  private static final String OURS = "dev.interlock.freethreaded";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(OURS);

  @Test
  void noClassUsesALockOrABlockingQueue() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.util.concurrent.locks")
                .and(not(assignableTo(LockSupport.class)))
                .or(assignableTo(BlockingQueue.class))
                .or(assignableTo(CountDownLatch.class)))
        .check(CLASSES);
  }

  @Test
  void noMethodIsSynchronized() {
    noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(CLASSES);
  }

  @Test
  void noByteCodeEntersAMonitor() {
    List<String> names = new ArrayList<>(CLASSES.stream().map(JavaClass::getName).toList());
    names.remove(OURS + ".package-info");
    assertThat(names).contains(OURS + ".Scheduler", OURS + ".Worker");
    names.add(TaskRun.class.getName());
    names.add(InterruptSlot.class.getName());
    assertThat(disassembled(names))
        .contains("class " + OURS + ".Worker", "class " + TaskRun.class.getName(), "Code:")
        .doesNotContain("monitorenter");
  }

  /** What runs for a task, from every method of the API that a submitter or a waiter calls. */
  private static final Map<Class<?>, List<String>> PATH =
      Map.of(
          AbstractTaskExecutor.class,
          List.of("submit", "execute"),
          FreeThreadedExecutor.class,
          List.of("enqueue"),
          Worker.class,
          List.of("run"),
          TaskRun.class,
          List.of(
              "runIn",
              "succeed",
              "fail",
              "cancel",
              "isDone",
              "get",
              "join",
              "whenComplete",
              "thenApply",
              "thenCompose",
              "handle",
              "addListener"));

  /** What lies beside the path of a task, and why. */
  private static final Map<String, String> BESIDE =
      Map.ofEntries(
          Map.entry("dev.interlock.spi.QueueSlots", "only with a bound for the queue"),
          Map.entry("dev.interlock.spi.HeldSections.giveUp", "only in a critical section"),
          Map.entry("dev.interlock.spi.HeldSections.holdInnermost", "only in a critical section"),
          Map.entry("dev.interlock.spi.RunWatch", "only with limits for the task"),
          Map.entry("dev.interlock.spi.TaskTimer", "only with limits for the task"),
          Map.entry(
              "dev.interlock.TaskFutures$Completions", "a wait for several tasks; an Iterator too"),
          Map.entry("dev.interlock.spi.SubmitSites", "only with submit sites, off by default here"),
          Map.entry("dev.interlock.spi.AbstractTaskExecutor.breakExecutor", "ends the executor"),
          Map.entry("dev.interlock.spi.AbstractTaskExecutor.workersGone", "ends the executor"),
          Map.entry("dev.interlock.freethreaded.Scheduler.stop", "ends the executor"),
          Map.entry("dev.interlock.freethreaded.WorkerThreads.make", "a thread is made"),
          Map.entry("java.util.concurrent.ForkJoinPool", "only if the one who waits is one of its"),
          Map.entry("java.util.concurrent.CompletableFuture$Timeout", "only with orTimeout"),
          Map.entry("java.util.concurrent.CompletableFuture$Delayer", "only with orTimeout"));

  private static CallGraph graph() {
    List<String> names =
        new ArrayList<>(
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(OURS, "dev.interlock", "dev.interlock.spi")
                    .stream()
                    .map(JavaClass::getName)
                    .filter(name -> !name.contains(".contract."))
                    .toList());
    names.add(CompletableFuture.class.getName());
    names.add(LongAdder.class.getName());
    names.add("java.util.concurrent.atomic.Striped64");
    return new CallGraph(names);
  }

  @Test
  void noMonitorAndNoLockCanBeReachedFromSubmitOrAWorker() {
    CallGraph.Reach reach = graph().from(PATH, BESIDE.keySet());
    assertThat(reach.violations()).isEmpty();
    assertThat(
            Stream.of(
                    "dev.interlock.spi.TaskRun.cancel",
                    "dev.interlock.spi.InterruptSlot.enter",
                    "dev.interlock.spi.InterruptSlot.interrupt",
                    OURS + ".Worker.run")
                .filter(method -> !reach.reaches(method)))
        .as("methods that are on the way, and were not found")
        .isEmpty();
  }

  @Test
  void theSearchFindsMonitorsAndLocks() {
    CallGraph graph = graph();
    assertThat(
            graph
                .from(Map.of(AbstractTaskExecutor.class, List.of("breakExecutor")), Set.of())
                .violations())
        .anyMatch(found -> found.startsWith("a synchronized block"));
    assertThat(
            graph
                .from(Map.of(AbstractTaskExecutor.class, List.of("awaitTermination")), Set.of())
                .violations())
        .anyMatch(found -> found.contains("java.util.concurrent.CountDownLatch.await"));
  }

  private static String disassembled(List<String> classNames) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out);
    List<String> arguments =
        new ArrayList<>(List.of("-c", "-p", "-cp", System.getProperty("java.class.path")));
    arguments.addAll(classNames);
    int exit =
        ToolProvider.findFirst("javap")
            .orElseThrow()
            .run(writer, writer, arguments.toArray(String[]::new));
    assertThat(exit).as("javap: %s", out).isZero();
    return out.toString();
  }
}
