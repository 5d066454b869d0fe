// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MessageLogTest {
  @TempDir Path temporary;

  private final AtomicInteger closes = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private MessageLog log;

  @BeforeEach
  void open() throws IOException {
    log = new MessageLog(temporary.resolve("log"), closed -> closes.incrementAndGet());
  }

  @AfterEach
  void leavesNothing() throws Exception {
    log.close();
    assertThat(closes).hasValue(1);
    assertThat(temporary).isEmptyDirectory();
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(30));
      assertThat(thread.isAlive()).as("%s still runs", thread).isFalse();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.contains("~") || name.contains("hronicle"));
    Path mappings = Path.of("/proc/self/maps");
    if (Files.exists(mappings)) {
      assertThat(Files.readString(mappings)).doesNotContain(temporary.toString());
    }
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void keepsOrderAndContentAndFewFilesThroughManyRolls() throws Exception {
    int count = 2_000_000;
    int maxFiles = 0;
    int next = 0;
    for (int i = 0; i < count; i++) {
      log.append(numbered(i));
      if (i % 50 == 49) {
        while (next <= i) {
          assertThat(number(log.poll())).isEqualTo(next++);
        }
      }
      if (i % 5_000 == 0) {
        maxFiles = Math.max(maxFiles, cycleFiles().size());
      }
    }
    assertThat(log.poll()).isNull();
    assertThat(log.size()).isZero();
    assertThat(maxFiles).isBetween(1, 3);
    assertThat(cycleFiles().get(cycleFiles().size() - 1).getFileName().toString())
        .as("has rolled at least a hundred times")
        .isGreaterThan(ByteCycle.name(100));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 1_000, 4_093, 30_000, 60_000, 60 << 10})
  void filesNeverGrowBeyondWhatWasWritten(int length) throws Exception {
    byte[] message = random(length, length);
    long bytes = 0;
    while (bytes < 3 * LogWriter.CYCLE_BYTES) {
      log.append(message);
      bytes += length + 8L;
    }
    assertThat(cycleFiles())
        .hasSizeGreaterThan(3)
        .allSatisfy(file -> assertThat(file).hasSize(LogWriter.CYCLE_BYTES));
    while (log.size() > 0) {
      assertThat(log.poll()).isEqualTo(message);
    }
  }

  @Test
  void carriesMessagesOfAnySize() throws Exception {
    int fragment = LogWriter.FRAGMENT_BYTES;
    int cycle = (int) LogWriter.CYCLE_BYTES;
    int[] lengths = {
      0,
      1,
      3,
      4,
      fragment - 4,
      fragment - 1,
      fragment,
      fragment + 1,
      2 * fragment,
      65_536,
      0,
      cycle - 1,
      cycle,
      cycle + 1,
      5,
      10 << 20,
      0,
      1 << 20,
      17
    };
    for (int length : lengths) {
      log.append(random(length, length));
    }
    assertThat(log.size()).isEqualTo(lengths.length);
    for (int length : lengths) {
      assertThat(log.poll()).isEqualTo(random(length, length));
    }
    assertThat(log.poll()).isNull();
    assertThat(cycleFiles()).hasSizeLessThanOrEqualTo(2);
  }

  @Test
  void carriesRandomSizesInterleaved() throws Exception {
    Random random = new Random(7);
    List<byte[]> pending = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      byte[] message = random((int) Math.pow(2, random.nextDouble() * 20), i);
      log.append(message);
      pending.add(message);
      while (pending.size() > random.nextInt(20)) {
        assertThat(log.poll()).isEqualTo(pending.remove(0));
      }
    }
  }

  @Test
  void appendsASliceOfAnArrayAndTheWholeOne() throws Exception {
    byte[] bytes = random(100, 1);
    log.append(bytes, 5, 3);
    log.append(bytes);
    log.append(bytes, 100, 0);
    assertThat(log.take()).containsExactly(Arrays.copyOfRange(bytes, 5, 8));
    assertThat(log.take()).containsExactly(bytes);
    assertThat(log.take()).isEmpty();
    assertThatThrownBy(() -> log.append(bytes, 99, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void anAttachmentComesWithItsMessageAndWithNoOther() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      assertThat(log.offer(numbered(i), 0, 4, i % 3 == 0 ? "beside " + i : null)).isTrue();
    }
    for (int i = 0; i < 10_000; i++) {
      LogMessage message = log.receive();
      assertThat(number(message.bytes())).isEqualTo(i);
      assertThat(message.attachment()).isEqualTo(i % 3 == 0 ? "beside " + i : null);
    }
    assertThat(log.receive()).isNull();
  }

  @Test
  void laterChangesToTheArrayDoNotReachTheMessage() throws Exception {
    byte[] message = {1, 2, 3};
    log.append(message);
    message[0] = 9;
    assertThat(log.take()).containsExactly(1, 2, 3);
  }

  @Test
  void takeWaitsForTheNextMessage() throws Exception {
    for (int i = 0; i < 20; i++) {
      FutureTask<byte[]> reader = start(log::take);
      awaitParked();
      assertThat(reader.isDone()).isFalse();
      log.append(numbered(i));
      assertThat(number(reader.get())).isEqualTo(i);
    }
  }

  @Test
  void timedPollGivesUpWhenNothingComesAndReturnsWhatComes() throws Exception {
    long startNs = System.nanoTime();
    assertThat(log.poll(TimeUnit.MILLISECONDS.toNanos(50))).isNull();
    assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(50_000_000);
    assertThat(log.poll(0)).isNull();
    assertThat(log.poll(-1)).isNull();
    FutureTask<byte[]> reader = start(() -> log.poll(TimeUnit.MINUTES.toNanos(1)));
    awaitParked();
    log.append(numbered(3));
    assertThat(number(reader.get())).isEqualTo(3);
  }

  @Test
  void timedPollGivesUpAlsoBehindAnotherReader() throws Exception {
    FutureTask<byte[]> first = start(log::take);
    awaitParked();
    assertThat(log.poll(TimeUnit.MILLISECONDS.toNanos(20))).isNull();
    assertThat(log.poll()).isNull();
    log.append(numbered(1));
    assertThat(number(first.get())).isEqualTo(1);
  }

  @Test
  void pollReturnsAtOnceWhileAnotherReaderWaits() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    FutureTask<Void> waiting =
        start(
            () -> {
              while (true) {
                log.take();
                taken.incrementAndGet();
              }
            });
    int count = 50_000;
    int polled = 0;
    for (int i = 0; i < count; i++) {
      log.append(new byte[1]);
      if (log.poll() != null) {
        polled++;
      }
    }
    int left = count - polled;
    await().untilAsserted(() -> assertThat(taken).hasValue(left));
    log.close();
    assertThatThrownBy(waiting::get).hasCauseInstanceOf(LogClosedException.class);
  }

  @Test
  void interruptEndsTheWaitAndLosesNoMessage() throws Exception {
    FutureTask<byte[]> reader = start(log::take);
    awaitParked();
    threads.get(0).interrupt();
    assertThatThrownBy(reader::get).hasCauseInstanceOf(InterruptedException.class);
    log.append(numbered(5));
    Thread.currentThread().interrupt();
    assertThatThrownBy(log::take).isInstanceOf(InterruptedException.class);
    assertThat(number(log.take())).isEqualTo(5);
  }

  @Test
  void anInterruptedThreadOpensAppendsPollsClosesAndStaysInterrupted() throws Exception {
    Thread.currentThread().interrupt();
    byte[] message = random(40_000, 4);
    try (MessageLog other = new MessageLog(temporary.resolve("other"), closed -> {})) {
      for (int i = 0; i < 100; i++) {
        other.append(message);
        assertThat(other.poll()).isEqualTo(message);
      }
    }
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void interruptsWhileRollingLoseNothing() throws Exception {
    int count = 20_000;
    AtomicInteger interrupts = new AtomicInteger();
    FutureTask<Void> reader =
        start(
            () -> {
              for (int i = 0; i < count; ) {
                try {
                  byte[] message = log.take();
                  assertThat(number(message)).isEqualTo(i);
                  i++;
                } catch (InterruptedException expected) {
                  interrupts.incrementAndGet();
                }
              }
              return null;
            });
    FutureTask<Void> appender =
        start(
            () -> {
              byte[] message = new byte[5_000];
              for (int i = 0; i < count; i++) {
                ByteBuffer.wrap(message).putInt(i);
                log.append(message);
                while (log.size() > 500) {
                  Thread.onSpinWait();
                }
              }
              return null;
            });
    List<Thread> targets = List.copyOf(threads);
    FutureTask<Void> rain =
        start(
            () -> {
              while (!appender.isDone()) {
                targets.forEach(Thread::interrupt);
                LockSupport.parkNanos(5_000);
              }
              return null;
            });
    appender.get();
    rain.get();
    reader.get();
    assertThat(interrupts.get()).isPositive();
  }

  @Test
  void manyAppendersKeepEachTheirOrder() throws Exception {
    int appenders = 4;
    int each = 50_000;
    List<FutureTask<Void>> senders = new ArrayList<>();
    for (int a = 0; a < appenders; a++) {
      int id = a;
      senders.add(
          start(
              () -> {
                for (int i = 0; i < each; i++) {
                  byte[] message = new byte[i % 97 == 0 ? 9_000 : 8];
                  ByteBuffer.wrap(message).putInt(id).putInt(i);
                  log.append(message);
                }
                return null;
              }));
    }
    int[] next = new int[appenders];
    for (int i = 0; i < appenders * each; i++) {
      ByteBuffer message = ByteBuffer.wrap(log.take());
      int id = message.getInt();
      assertThat(message.getInt()).isEqualTo(next[id]++);
    }
    for (FutureTask<Void> sender : senders) {
      sender.get();
    }
    assertThat(log.size()).isZero();
  }

  @Test
  void manyReadersShareTheMessagesWithoutLossOrRepetition() throws Exception {
    int count = 40_000;
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    List<FutureTask<Void>> readers = new ArrayList<>();
    for (int r = 0; r < 3; r++) {
      readers.add(
          start(
              () -> {
                for (int number = number(log.take()); number >= 0; number = number(log.take())) {
                  assertThat(seen.add(number)).isTrue();
                }
                return null;
              }));
    }
    for (int i = 0; i < count; i++) {
      log.append(numbered(i));
    }
    for (int r = 0; r < 3; r++) {
      log.append(numbered(-1));
    }
    for (FutureTask<Void> reader : readers) {
      reader.get();
    }
    assertThat(seen).hasSize(count);
  }

  @Test
  void pingPongBetweenTwoLogs() throws Exception {
    try (MessageLog back = new MessageLog(temporary.resolve("back"), closed -> {})) {
      int count = 100_000;
      FutureTask<Void> echo =
          start(
              () -> {
                for (int i = 0; i < count; i++) {
                  back.append(log.take());
                }
                return null;
              });
      for (int i = 0; i < count; i++) {
        log.append(numbered(i));
        assertThat(number(back.take())).isEqualTo(i);
      }
      echo.get();
    }
  }

  @Test
  void closeWakesAllReadersAndRefusesEverythingAfter() throws Exception {
    List<FutureTask<byte[]>> readers =
        List.of(
            start(log::take), start(log::take), start(() -> log.poll(TimeUnit.HOURS.toNanos(1))));
    awaitParked();
    log.close();
    for (FutureTask<byte[]> reader : readers) {
      assertThatThrownBy(reader::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(LogClosedException.class)
          .hasMessageContaining(log.directory().toString());
    }
    assertThatThrownBy(() -> log.append(new byte[1])).isInstanceOf(LogClosedException.class);
    assertThatThrownBy(() -> log.poll()).isInstanceOf(LogClosedException.class);
    assertThatThrownBy(() -> log.poll(1)).isInstanceOf(LogClosedException.class);
    assertThatThrownBy(() -> log.take()).isInstanceOf(LogClosedException.class);
    log.close();
    assertThat(log.directory()).doesNotExist();
  }

  @Test
  void closeInTheMiddleOfTrafficStopsBothSidesCleanly() throws Exception {
    List<FutureTask<Void>> users = new ArrayList<>();
    CountDownLatch running = new CountDownLatch(3);
    for (int t = 0; t < 2; t++) {
      users.add(
          start(
              () -> {
                byte[] message = new byte[3_000];
                for (int i = 0; ; i++) {
                  log.append(message);
                  if (i == 200) {
                    running.countDown();
                  }
                  while (log.size() > 1_000) {
                    log.poll();
                  }
                }
              }));
    }
    users.add(
        start(
            () -> {
              for (int i = 0; ; i++) {
                log.take();
                if (i == 200) {
                  running.countDown();
                }
              }
            }));
    running.await();
    FutureTask<Void> other =
        start(
            () -> {
              log.close();
              return null;
            });
    log.close();
    other.get();
    for (FutureTask<Void> user : users) {
      assertThatThrownBy(user::get).hasCauseInstanceOf(LogClosedException.class);
    }
  }

  @Test
  void refusesADirectoryThatExists() {
    assertThatThrownBy(() -> new MessageLog(log.directory(), closed -> {}))
        .isInstanceOf(IOException.class);
    assertThat(log.directory()).isDirectory();
  }

  private <T> FutureTask<T> start(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task, "message-log-test-" + threads.size());
    threads.add(thread);
    thread.start();
    return task;
  }

  private void awaitParked() {
    Set<Thread.State> parked = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);
    await()
        .pollInterval(Duration.ofMillis(2))
        .until(
            () ->
                threads.stream()
                    .filter(Thread::isAlive)
                    .allMatch(thread -> parked.contains(thread.getState())));
  }

  private List<Path> cycleFiles() throws IOException {
    try (Stream<Path> files = Files.list(log.directory())) {
      return files.filter(file -> !file.endsWith("metadata.cq4t")).sorted().toList();
    }
  }

  private static byte[] numbered(int number) {
    return ByteBuffer.allocate(4 + Math.floorMod(number, 60)).putInt(number).array();
  }

  private static int number(byte[] message) {
    assertThat(message).isNotNull();
    return ByteBuffer.wrap(message).getInt();
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
