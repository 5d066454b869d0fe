// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails a test that leaves something behind: a thread, a child process, a file of Interlock's in
 * the directory for temporary files, an interrupt on its own thread. The message names what is
 * left. The executor that the tests of a class share is let be until the class is done.
 *
 * <p>Also for tests that are not part of the contract: {@code @ExtendWith(LeakCheck.class)}.
 */
public final class LeakCheck
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final Namespace NAMESPACE = Namespace.create(LeakCheck.class);
  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /** Threads that the JDK and the test tools start when they like, and keep. */
  private static final List<String> LASTING_THREADS =
      List.of(
          "process reaper",
          "ForkJoinPool.commonPool-",
          "ForkJoinPool-1-worker-", // carriers of virtual threads
          "ForkJoinPool-1-delayScheduler", // of JDK 25, with the first of them that waits
          "VirtualThread-unparker",
          "VirtualThread-unblocker",
          "CompletableFutureDelayScheduler",
          "Common-Cleaner",
          "Cleaner-",
          "Keep-Alive-Timer",
          "Attach Listener",
          "interlock-timer", // Interlock's own, for all executors; ends when no limit is set any
          // more
          "interlock-timeout",
          "awaitility-",
          "junit-",
          "surefire-");

  /** This process and all below it that were ever seen: what is left may be of one that died. */
  private static final Set<Long> OUR_PIDS = ConcurrentHashMap.newKeySet();

  static {
    OUR_PIDS.add(ProcessHandle.current().pid());
  }

  /** What there is at one moment. */
  private record Snapshot(Set<Thread> threads, Set<ProcessHandle> children, Set<Path> files) {
    static Snapshot now() {
      Set<ProcessHandle> children = ProcessHandle.current().descendants().collect(toSet());
      children.forEach(child -> OUR_PIDS.add(child.pid()));
      return new Snapshot(threadsNow(), children, filesNow());
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    store(context).put("class", Snapshot.now());
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    store(context).put("test", Snapshot.now());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    boolean interrupted = Thread.interrupted();
    check(context, store(context).get("test", Snapshot.class), true, interrupted);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    check(context, store(context).get("class", Snapshot.class), false, Thread.interrupted());
  }

  private static void check(
      ExtensionContext context, Snapshot before, boolean sharedLives, boolean interrupted) {
    Supplier<List<String>> leaks =
        () ->
            leaksSince(before, lasting(context, sharedLives), lastingProcess(context, sharedLives));
    List<String> left = new ArrayList<>();
    if (interrupted) {
      left.add("an interrupt of the test's thread");
    }
    try {
      Awaitility.await()
          .pollDelay(0, TimeUnit.MILLISECONDS)
          .pollInterval(2, TimeUnit.MILLISECONDS)
          .atMost(Waiting.limit())
          .until(() -> leaks.get().isEmpty());
    } catch (ConditionTimeoutException e) {
      left.addAll(leaks.get());
    }
    if (!left.isEmpty()) {
      throw new AssertionError(
          context.getDisplayName() + " left behind:\n  " + String.join("\n  ", left));
    }
  }

  private static List<String> leaksSince(
      Snapshot before, Set<String> lasting, Predicate<ProcessHandle> lastingProcess) {
    List<String> leaks = new ArrayList<>();
    Snapshot now = Snapshot.now();
    for (Thread thread : now.threads()) {
      boolean known =
          before.threads().contains(thread)
              || lasting.stream().anyMatch(thread.getName()::startsWith)
              || (thread.getName().contains(ExecutorContract.SHARED_NAME)
                  && lasting.contains(ExecutorContract.SHARED_NAME));
      if (!known) {
        leaks.add("thread " + thread.getName() + stackOf(thread));
      }
    }
    now.children().stream()
        .filter(child -> !before.children().contains(child) && child.isAlive())
        .filter(lastingProcess.negate())
        .forEach(child -> leaks.add("process " + child.pid() + " " + child.info()));
    now.files().stream()
        .filter(file -> !before.files().contains(file))
        .forEach(file -> leaks.add("file " + file + " " + list(file)));
    return leaks;
  }

  private static String stackOf(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .limit(6)
        .map(frame -> "\n      at " + frame)
        .collect(Collectors.joining());
  }

  private static Predicate<ProcessHandle> lastingProcess(
      ExtensionContext context, boolean sharedLives) {
    return context
        .getTestInstance()
        .filter(instance -> sharedLives && instance instanceof ExecutorContract)
        .map(ExecutorContract.class::cast)
        .<Predicate<ProcessHandle>>map(contract -> contract::isLasting)
        .orElse(process -> false);
  }

  private static Set<String> lasting(ExtensionContext context, boolean sharedLives) {
    Set<String> names = new LinkedHashSet<>(LASTING_THREADS);
    context
        .getTestInstance()
        .filter(ExecutorContract.class::isInstance)
        .map(ExecutorContract.class::cast)
        .ifPresent(
            contract -> {
              names.addAll(contract.lastingThreads());
              if (sharedLives) {
                names.add(ExecutorContract.SHARED_NAME);
              }
            });
    return names;
  }

  private static Set<Thread> threadsNow() {
    Set<Thread> threads = new LinkedHashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.isAlive());
    return threads;
  }

  /**
   * The files named {@code interlock-...}, and what is in the directories that all processes of a
   * user share. A name with a number in it is ours if that is the number of one of our processes:
   * others may be killed, and leave theirs, while a test runs.
   */
  private static Set<Path> filesNow() {
    Set<Path> files = new TreeSet<>();
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    String ofUser = "interlock-" + System.getProperty("user.name");
    for (Path entry : list(temporary)) {
      String name = entry.getFileName().toString();
      if (name.equals(ofUser)) {
        list(entry).stream().filter(LeakCheck::isOurs).forEach(files::add);
      } else if (name.startsWith("interlock-") && isOurs(entry)) {
        files.add(entry);
      }
    }
    return files;
  }

  private static List<Path> list(Path directory) {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (IOException e) {
      return List.of(); // gone, or somebody else's
    }
  }

  private static boolean isOurs(Path entry) {
    List<Long> numbers =
        NUMBER
            .matcher(entry.getFileName().toString())
            .results()
            .map(number -> number.group())
            .filter(digits -> digits.length() < 10)
            .map(Long::valueOf)
            .toList();
    return numbers.isEmpty() || numbers.stream().anyMatch(OUR_PIDS::contains);
  }

  private static ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}
