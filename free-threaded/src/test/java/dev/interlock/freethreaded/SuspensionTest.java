// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.ArrayReference;
import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector.Argument;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.EventRequestManager;
import dev.interlock.contract.LeakCheck;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Suspends one thread, a worker or a submitter, at each line of the scheduler, of its queues and of
 * a task's run, and at any moment; and sees that the tasks of the others go on without it. The
 * threads are those of another JVM, and a debugger's interface suspends them.
 *
 * <p>Each test takes some seconds; {@code -Dsuspension.times=20} for twenty times as long.
 *
 * <p>Longer than other classes because its tests share one debugger's session: how it stops a
 * thread, asks the load, and tells what stood where if the others did not go on.
 */
@Timeout(600)
@ExtendWith(LeakCheck.class)
class SuspensionTest {
  private static final long TIME_NS =
      TimeUnit.SECONDS.toNanos(6) * Integer.getInteger("suspension.times", 1);

  /** A working machine needs a few milliseconds for the tasks that must run. */
  private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(20);

  private static final long HIT_LIMIT_MS = 10;
  private static final int LINES_AT_ONCE = 12;
  private static final List<String> STEPS_OF_A_RUN =
      List.of(
          "dev.interlock.spi.AbstractTaskExecutor",
          "dev.interlock.spi.TaskRun",
          "dev.interlock.spi.Admission",
          "dev.interlock.spi.InterruptSlot");

  /** What runs when an idle executor wakes, until the first task is in a worker's hands. */
  private static final Set<String> WAKING =
      Set.of(
          "Scheduler.submitFromOutside",
          "Scheduler.wakeOneIfNeeded",
          "Scheduler.isAnyoneTrusted",
          "Scheduler.wakeOne",
          "Scheduler.resumeOrStart",
          "Scheduler.resume",
          "Scheduler.start",
          "Scheduler.fallAsleep",
          "Watch.keep",
          "Watch.keepIfVacant",
          "Vigil.dueInNs",
          "Sleep.resume",
          "Sleep.leave",
          "Sleep.untilResumed",
          "IdleWorkers.pop",
          "IdleWorkers.push",
          "IdleWorkers.lowestAsleep",
          "VacantLanes.claim",
          "VacantLanes.release",
          "WorkerThreads.permit",
          "Worker.start",
          "Worker.run",
          "Worker.sleep");

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private SuspensionLoad.Kind kind;
  private Process load;
  private VirtualMachine machine;
  private BufferedReader answers;
  private Writer questions;

  private void start(SuspensionLoad.Kind ofLoad) throws Exception {
    kind = ofLoad;
    ListeningConnector connector =
        Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(one -> one.transport().name().equals("dt_socket"))
            .findFirst()
            .orElseThrow();
    Map<String, Argument> arguments = connector.defaultArguments();
    arguments.get("localAddress").setValue("127.0.0.1");
    String address = connector.startListening(arguments);
    load =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-agentlib:jdwp=transport=dt_socket,server=n,suspend=n,address=" + address,
                "-Xmx256m",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                SuspensionLoad.class.getName(),
                kind.name())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    machine = connector.accept(arguments);
    connector.stopListening(arguments);
    answers =
        new BufferedReader(new InputStreamReader(load.getInputStream(), StandardCharsets.UTF_8));
    questions = load.outputWriter(StandardCharsets.UTF_8);
    others(-1, "at the start");
  }

  @AfterEach
  void end() throws InterruptedException {
    load.destroyForcibly();
    load.waitFor();
    try {
      machine.dispose();
    } catch (com.sun.jdi.VMDisconnectedException gone) {
      assertThat(load.isAlive()).isFalse();
    }
  }

  @Test
  void aThreadThatStopsAtAnyLineOfTheSchedulerOrOfARunStopsNoOther() throws Exception {
    start(SuspensionLoad.Kind.BURSTS);
    List<Location> lines = lines();
    Set<String> methods = new TreeSet<>();
    Set<String> roles = new TreeSet<>();
    int suspended = 0;
    long startNs = System.nanoTime();
    while (System.nanoTime() - startNs < TIME_NS && !lines.isEmpty()) {
      Collections.shuffle(lines, random);
      EventSet hit =
          hitOneOf(
              lines.subList(0, Math.min(lines.size(), LINES_AT_ONCE)), SuspensionLoad.HOW_MANY);
      if (hit != null) {
        BreakpointEvent stop = (BreakpointEvent) hit.iterator().next();
        lines.remove(stop.location()); // the lines that are seldom come to get their turn
        suspended++;
        methods.add(stop.location().declaringType().name() + "." + stop.location().method().name());
        roles.add(number(stop.thread()) < 0 ? "worker" : "submitter");
        others(number(stop.thread()), describe(stop.thread()));
        hit.resume();
      }
    }
    assertThat(roles).contains("submitter", "worker");
    assertThat(methods)
        .as("methods in which a thread was suspended, of %s times", suspended)
        .hasSizeGreaterThan(20);
  }

  @Test
  void aThreadThatStopsAtAnyMomentStopsNoOther() throws Exception {
    start(SuspensionLoad.Kind.BURSTS);
    int suspended = 0;
    long startNs = System.nanoTime();
    while (System.nanoTime() - startNs < TIME_NS) {
      List<ThreadReference> threads = new ArrayList<>(machine.allThreads());
      threads.removeIf(thread -> !isOfLoad(thread));
      ThreadReference thread = threads.get(random.nextInt(threads.size()));
      thread.suspend();
      suspended++;
      others(number(thread), describe(thread));
      thread.resume();
    }
    assertThat(suspended).isGreaterThan(20);
  }

  /**
   * Nobody watches while all sleep. So this is the moment at which the first submitter, and the
   * first worker that it wakes or starts, could keep everybody asleep; even if each submitter has
   * but one task, and submits no other before it has run.
   */
  @ParameterizedTest
  @EnumSource(names = {"TRIPS", "TRIPS_FROM_NOTHING", "SINGLE_TRIPS"})
  void aThreadThatStopsWhenAnIdleExecutorWakesStopsNoOther(SuspensionLoad.Kind ofLoad)
      throws Exception {
    start(ofLoad);
    List<Location> lines = lines();
    lines.removeIf(line -> !WAKING.contains(methodOf(line)));
    Set<String> methods = new TreeSet<>();
    Set<String> roles = new TreeSet<>();
    int suspended = 0;
    long startNs = System.nanoTime();
    while (System.nanoTime() - startNs < TIME_NS || roles.size() < 2 || methods.size() < 6) {
      Method method = lines.get(random.nextInt(lines.size())).method(); // long ones more often
      List<Location> ofMethod = new ArrayList<>(lines);
      ofMethod.removeIf(line -> !line.method().equals(method));
      Collections.shuffle(ofMethod, random);
      ask(SuspensionLoad.REST);
      EventSet hit = hitOneOf(ofMethod.subList(0, 1 + ofMethod.size() / 2), SuspensionLoad.GO_ON);
      if (hit != null) {
        ThreadReference stopped = ((BreakpointEvent) hit.iterator().next()).thread();
        if (!hasATask(stopped)) {
          methods.add(methodOf(ofMethod.get(0)));
          suspended++;
          roles.add(number(stopped) < 0 ? "worker" : "submitter");
          others(number(stopped), describe(stopped));
        }
        hit.resume();
      }
    }
    assertThat(suspended).as("stops in %s", methods).isGreaterThan(5);
  }

  /** A worker that may have taken a task into its hands, whose submitter waits for it. */
  private static boolean hasATask(ThreadReference thread) throws IncompatibleThreadStateException {
    return number(thread) < 0
        && thread.frames().stream().anyMatch(frame -> isIn(frame, "Worker.runTasks"))
        && thread.frames().stream().noneMatch(frame -> isIn(frame, "Worker.sleep"));
  }

  private static boolean isIn(StackFrame frame, String method) {
    return method.equals(methodOf(frame.location()));
  }

  private static String methodOf(Location line) {
    String type = line.declaringType().name();
    return type.substring(type.lastIndexOf('.') + 1) + "." + line.method().name();
  }

  private static boolean isOfLoad(ThreadReference thread) {
    try {
      String name = thread.name();
      return name.startsWith(SuspensionLoad.SUBMITTER)
          || name.startsWith(SuspensionLoad.NAME + "-worker-");
    } catch (com.sun.jdi.ObjectCollectedException ended) {
      return false;
    }
  }

  /** The number of a submitter, -1 for a worker. */
  private static int number(ThreadReference thread) {
    String name = thread.name();
    return name.startsWith(SuspensionLoad.SUBMITTER)
        ? Integer.parseInt(name.substring(SuspensionLoad.SUBMITTER.length()))
        : -1;
  }

  private List<Location> lines() {
    List<Location> lines = new ArrayList<>();
    for (ReferenceType type : machine.allClasses()) {
      String name = type.name();
      boolean ours = name.startsWith("dev.interlock.freethreaded.") && !name.contains("Suspension");
      if (ours || STEPS_OF_A_RUN.contains(name)) {
        for (Method method : type.methods()) {
          if (!method.isAbstract() && !method.isNative() && !method.isStaticInitializer()) {
            lines.addAll(lines(method));
          }
        }
      }
    }
    return lines;
  }

  private static List<Location> lines(Method method) {
    try {
      return method.allLineLocations();
    } catch (AbsentInformationException e) { // a method that the compiler has added
      return List.of();
    }
  }

  /**
   * One thread of the load stands at one of the lines, after the load was told something; null if
   * none comes there soon.
   */
  private EventSet hitOneOf(List<Location> lines, String told)
      throws InterruptedException, IOException {
    EventRequestManager requests = machine.eventRequestManager();
    for (Location line : lines) {
      BreakpointRequest request = requests.createBreakpointRequest(line);
      request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      request.addCountFilter(1);
      request.enable();
    }
    ask(told);
    EventSet hit = nextStop(HIT_LIMIT_MS);
    requests.deleteAllBreakpoints();
    if (hit == null) {
      hit = nextStop(1); // at the last moment
    }
    while (hit != null) { // others that have met another line meanwhile
      EventSet another = nextStop(1);
      if (another == null) {
        return hit;
      }
      another.resume();
    }
    return null;
  }

  /** The next thread of the load that stands at a line. */
  private EventSet nextStop(long limitMs) throws InterruptedException {
    while (true) {
      EventSet events = machine.eventQueue().remove(limitMs);
      if (events == null
          || (events.iterator().next() instanceof BreakpointEvent stop
              && isOfLoad(stop.thread()))) {
        return events;
      }
      events.resume();
    }
  }

  /** Waits until enough tasks of all submitters but one have run. */
  private void others(int suspendedSubmitter, String where) throws IOException {
    long[] before = counts();
    for (int s = 0; s < before.length; s++) {
      if (s != suspendedSubmitter) {
        int submitter = s;
        long least = before[s] + kind.enough;
        if (!reached(() -> counts()[submitter], least)) {
          throw new AssertionError(
              "The tasks of submitter "
                  + s
                  + " do not go on: "
                  + (counts()[s] - before[s])
                  + " ran. Suspended: "
                  + where
                  + "\nAll threads (seed "
                  + seed
                  + "):\n"
                  + allStacks());
        }
      }
    }
  }

  private static boolean reached(LongSupplier count, long least) {
    long startNs = System.nanoTime();
    while (count.getAsLong() < least) {
      if (System.nanoTime() - startNs > LIMIT_NS) {
        return false;
      }
    }
    return true;
  }

  private String ask(String question) throws IOException {
    questions.write(question + "\n");
    questions.flush();
    String answer = answers.readLine();
    assertThat(answer).as("the load has ended").isNotNull();
    return answer;
  }

  private long[] counts() {
    try {
      String answer = ask(SuspensionLoad.HOW_MANY);
      return Arrays.stream(answer.trim().split(" ", -1)).mapToLong(Long::parseLong).toArray();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private String allStacks() {
    machine.suspend();
    StringBuilder stacks = new StringBuilder();
    for (ThreadReference thread : machine.allThreads()) {
      if (isOfLoad(thread)) {
        stacks.append(describe(thread)).append('\n');
      }
    }
    for (String type : List.of("Scheduler", "VacantLanes", "Worker", "Sleep", "Lane")) {
      for (ReferenceType known : machine.classesByName("dev.interlock.freethreaded." + type)) {
        known.instances(20).forEach(object -> stacks.append(fields(object)).append('\n'));
      }
    }
    return stacks.toString();
  }

  /** The object's fields, and what their own fields of plain types hold. */
  private static String fields(ObjectReference object) {
    StringBuilder text = new StringBuilder(object.toString());
    object
        .getValues(object.referenceType().fields())
        .forEach(
            (field, value) -> {
              text.append("\n    ").append(field.name()).append(" = ").append(value);
              if (value instanceof ArrayReference array) {
                text.append(' ').append(array.getValues());
              } else if (value instanceof ObjectReference inner) {
                inner
                    .getValues(inner.referenceType().allFields())
                    .forEach(
                        (innerField, innerValue) ->
                            text.append(' ')
                                .append(innerField.name())
                                .append('=')
                                .append(
                                    innerValue instanceof ArrayReference innerArray
                                            && innerArray.length() < 64
                                        ? innerArray.getValues()
                                        : innerValue));
              }
            });
    return text.toString();
  }

  private static String describe(ThreadReference thread) {
    StringBuilder text = new StringBuilder(thread.name());
    try {
      for (StackFrame frame : thread.frames()) {
        Location at = frame.location();
        text.append("\n    at ")
            .append(at.declaringType().name())
            .append('.')
            .append(at.method().name())
            .append(':')
            .append(at.lineNumber());
      }
    } catch (IncompatibleThreadStateException e) {
      text.append(" has ended");
    }
    return text.toString();
  }
}
