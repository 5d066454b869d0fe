// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.NotShareableException;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.LiveFiles;
import dev.interlock.contract.Waiting;
import dev.interlock.subinterpreter.InterpreterQueue;
import dev.interlock.subinterpreter.Interpreters;
import dev.interlock.subinterpreter.QueueEmptyException;
import dev.interlock.subinterpreter.QueueEnds;
import dev.interlock.subinterpreter.QueueFullException;
import dev.interlock.subinterpreter.QueueNotFoundException;
import dev.interlock.subinterpreter.QueueOptions;
import dev.interlock.subinterpreter.QueueStorageException;
import dev.interlock.subinterpreter.UnboundItems;
import java.lang.ref.WeakReference;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One queue, seen from the application. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterpreterQueueTest {
  private final List<Thread> threads = new ArrayList<>();
  @TempDir Path temporary;

  record Point(int x, String name, List<Integer> more) {}

  record Bad(int x, Object content) {}

  static final class Mutable {
    final List<String> names = new ArrayList<>(List.of("a"));
    final Socket socket;

    Mutable(Socket socket) {
      this.socket = socket;
    }
  }

  @AfterEach
  void joinThreads() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(Waiting.limit().toMillis());
      assertThat(thread.isAlive()).isFalse();
    }
  }

  private <T> FutureTask<T> start(Callable<T> body) {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(task, "queue-test-" + threads.size());
    threads.add(thread);
    thread.start();
    return task;
  }

  private void awaitParked() {
    Waiting.await()
        .until(
            () ->
                threads.stream()
                    .allMatch(
                        thread ->
                            thread.getState() == Thread.State.WAITING
                                || thread.getState() == Thread.State.TIMED_WAITING));
  }

  @Test
  void itemsComeOutInTheOrderInWhichTheyWentIn() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue()) {
      assertThat(queue.isEmpty()).isTrue();
      assertThat(queue.maxSize()).isZero();
      for (int i = 0; i < 1_000; i++) {
        queue.put(i);
      }
      assertThat(queue.size()).isEqualTo(1_000);
      assertThat(queue.isFull()).as("unbounded").isFalse();
      for (int i = 0; i < 1_000; i++) {
        assertThat(queue.get()).isEqualTo(i);
      }
      assertThat(queue.isEmpty()).isTrue();
    }
  }

  @Test
  void aFullQueueRefusesAndAnEmptyOneToo() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue(2)) {
      queue.putNow("a");
      assertThat(queue.isFull()).isFalse();
      queue.put("b", Duration.ZERO);
      assertThat(queue.isFull()).isTrue();
      assertThatThrownBy(() -> queue.putNow("c"))
          .isInstanceOf(QueueFullException.class)
          .hasMessageContaining("no room in InterpreterQueue(" + queue.id() + ")");
      long startNs = System.nanoTime();
      assertThatThrownBy(() -> queue.put("c", Duration.ofMillis(60)))
          .isInstanceOf(QueueFullException.class)
          .hasMessageContaining("PT0.06S");
      assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(60_000_000);
      assertThat(queue.size()).isEqualTo(2);
      assertThat(queue.getNow()).isEqualTo("a");
      assertThat(queue.get(Duration.ZERO)).isEqualTo("b");
      assertThatThrownBy(queue::getNow).isInstanceOf(QueueEmptyException.class);
      startNs = System.nanoTime();
      assertThatThrownBy(() -> queue.get(Duration.ofMillis(60)))
          .isInstanceOf(QueueEmptyException.class)
          .hasMessageContaining("PT0.06S");
      assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(60_000_000);
    }
  }

  @Test
  void aWaitingPutGoesOnWhenThereIsRoomAndAWaitingGetWhenThereIsAnItem() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue(1)) {
      FutureTask<Object> getting = start(queue::get);
      awaitParked();
      queue.put(1);
      assertThat(Waiting.get(getting)).isEqualTo(1);
      queue.put(2);
      FutureTask<Void> putting =
          start(
              () -> {
                queue.put(3);
                queue.put(4, Duration.ofSeconds(30));
                return null;
              });
      Waiting.await().until(() -> threads.get(1).getState() == Thread.State.WAITING);
      assertThat(queue.get()).isEqualTo(2);
      assertThat(queue.get(Duration.ofSeconds(30))).isEqualTo(3);
      assertThat(queue.get(Duration.ofSeconds(30))).isEqualTo(4);
      Waiting.get(putting);
    }
  }

  @Test
  void anInterruptEndsAWaitAndLosesNothing() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue(1)) {
      FutureTask<Object> getting = start(queue::get);
      awaitParked();
      threads.get(0).interrupt();
      assertThat(Waiting.failureOf(getting)).isInstanceOf(InterruptedException.class);
      queue.put(1);
      FutureTask<Void> putting =
          start(
              () -> {
                queue.put(2);
                return null;
              });
      Waiting.await().until(() -> threads.get(1).getState() == Thread.State.WAITING);
      threads.get(1).interrupt();
      assertThat(Waiting.failureOf(putting)).isInstanceOf(InterruptedException.class);
      assertThat(queue.size()).isEqualTo(1);

      Thread.currentThread().interrupt();
      assertThatThrownBy(queue::get).isInstanceOf(InterruptedException.class);
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> queue.put(3)).isInstanceOf(InterruptedException.class);
      Thread.currentThread().interrupt();
      assertThat(queue.getNow()).as("does not wait").isEqualTo(1);
      queue.putNow(4);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(queue.get()).isEqualTo(4);
    }
  }

  @Test
  void closingEndsAllWaitsAndEverythingAfter() throws Exception {
    InterpreterQueue queue = Interpreters.createQueue(1);
    InterpreterQueue full = Interpreters.createQueue(1);
    full.put(1);
    List<FutureTask<?>> waiting =
        List.of(
            start(queue::get),
            start(() -> queue.get(Duration.ofHours(1))),
            start(
                () -> {
                  full.put(2);
                  return null;
                }),
            start(
                () -> {
                  full.put(3, Duration.ofHours(1));
                  return null;
                }));
    awaitParked();
    queue.close();
    full.close();
    queue.close();
    for (FutureTask<?> wait : waiting) {
      assertThat(Waiting.failureOf(wait)).isInstanceOf(QueueNotFoundException.class);
    }
    assertThatThrownBy(() -> queue.put(1)).isInstanceOf(QueueNotFoundException.class);
    assertThatThrownBy(() -> queue.putNow(1)).isInstanceOf(QueueNotFoundException.class);
    assertThatThrownBy(queue::get).isInstanceOf(QueueNotFoundException.class);
    assertThatThrownBy(queue::getNow)
        .isInstanceOf(QueueNotFoundException.class)
        .hasMessage("The queue " + queue.id() + " is closed.");
    assertThatThrownBy(() -> Interpreters.lookupQueue(queue.id()))
        .isInstanceOf(QueueNotFoundException.class)
        .hasMessageContaining("no queue " + queue.id());
  }

  @Test
  void lookupFindsTheOneHandle() {
    try (InterpreterQueue first = Interpreters.createQueue();
        InterpreterQueue second = Interpreters.createQueue()) {
      assertThat(second.id()).isGreaterThan(first.id());
      assertThat(Interpreters.lookupQueue(first.id())).isSameAs(first);
      assertThat(Interpreters.lookupQueue(second.id())).isSameAs(second);
      assertThatThrownBy(() -> Interpreters.lookupQueue(-1))
          .isInstanceOf(QueueNotFoundException.class);
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThatThrownBy(() -> QueueOptions.defaults().withMaxBytes(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxBytes is 1, but must be at least 2097152");
    assertThatThrownBy(() -> QueueOptions.defaults().withByReferenceAbove(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("byReferenceAbove is -1");
    assertThatThrownBy(() -> QueueOptions.defaults().withDurable(temporary, "a/b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name is 'a/b'");
    assertThatThrownBy(() -> QueueOptions.defaults().withDurable(temporary, ".."))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> QueueOptions.defaults().withEnds(QueueEnds.GET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("durable");
    assertThat(QueueOptions.defaults().withMaxSize(-5).maxSize()).isZero();
    assertThat(QueueOptions.defaults().unboundItems()).isEqualTo(UnboundItems.UNBOUND);
    assertThat(QueueOptions.defaults().withDurable(temporary, "a").unboundItems())
        .isEqualTo(UnboundItems.KEEP);
    try (InterpreterQueue queue = Interpreters.createQueue()) {
      assertThatThrownBy(() -> queue.get(Duration.ofMillis(-1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("timeout is PT-0.001S");
      assertThatThrownBy(() -> queue.put(1, Duration.ofMillis(-1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsAnError() {
    QueueOptions options = QueueOptions.defaults().withDirectory(temporary.resolve("absent"));
    assertThatThrownBy(() -> Interpreters.createQueue(options))
        .isInstanceOf(QueueStorageException.class)
        .hasMessageContaining("absent")
        .hasMessageContaining("withDirectory")
        .hasCauseInstanceOf(java.io.IOException.class);
    QueueOptions durable =
        QueueOptions.defaults().withDurable(temporary.resolve("absent"), "queue");
    assertThatThrownBy(() -> Interpreters.createQueue(durable))
        .isInstanceOf(QueueStorageException.class)
        .hasCauseInstanceOf(java.io.IOException.class);
  }

  @Test
  void shareablesOfEveryKindArriveAsTheyWere() throws Exception {
    Point point = new Point(1, "p", List.of(1, 2, 3));
    List<Object> items =
        Arrays.asList(
            null,
            true,
            false,
            (byte) -3,
            (short) -300,
            'ß',
            '€',
            -7,
            Long.MIN_VALUE,
            1.5f,
            -0.0,
            Double.NaN,
            "",
            "latin ÿ",
            "wide € \ud83d\ude00 \ud83d alone",
            "x".repeat(4_095) + "€",
            "y".repeat(100_000),
            List.of(),
            List.of(1),
            List.of(1, "a", List.of(2.0, List.of())),
            Stream.of(1, null, "b").toList(),
            List.of(1, 2, 3, 4).subList(1, 3),
            point,
            List.of(point, new Point(2, null, List.of())));
    try (InterpreterQueue queue = Interpreters.createQueue()) {
      for (Object item : items) {
        queue.put(item);
      }
      for (Object item : items) {
        Object arrived = queue.get();
        assertThat(arrived).isEqualTo(item);
        if (arrived instanceof List<?> list) {
          assertThatThrownBy(() -> list.add(null))
              .isInstanceOf(UnsupportedOperationException.class);
        }
        if (item != null && !(item instanceof List<?>)) {
          assertThat(arrived.getClass()).isEqualTo(item.getClass());
        }
      }
    }
  }

  @Test
  void byteArraysAreCopiedWhateverTheirSize() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue()) {
      for (int length : new int[] {0, 1, 60, 4_095, 4_096, 4_097, 70_000, 1 << 20}) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        byte[] before = bytes.clone();
        queue.put(bytes);
        queue.put(List.of(bytes, "with", bytes));
        Arrays.fill(bytes, (byte) 1);
        assertThat(queue.get()).isEqualTo(before);
        List<?> list = (List<?>) queue.get();
        assertThat(list.get(0)).isEqualTo(before).isNotSameAs(list.get(2));
      }
    }
  }

  @Test
  void aDirectBufferSharesItsMemoryAsAViewOfItsOwn() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue()) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(16).order(ByteOrder.LITTLE_ENDIAN);
      buffer.position(4).limit(8);
      queue.put(buffer);
      queue.put(List.of("in a list", buffer.asReadOnlyBuffer()));
      buffer.clear().put(5, (byte) 42);
      ByteBuffer view = (ByteBuffer) queue.get();
      assertThat(view.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
      assertThat(view.position()).isEqualTo(4);
      assertThat(view.limit()).isEqualTo(8);
      assertThat(view.get(5)).isEqualTo((byte) 42);
      view.put(6, (byte) 43);
      assertThat(buffer.get(6)).isEqualTo((byte) 43);
      ByteBuffer readOnly = (ByteBuffer) ((List<?>) queue.get()).get(1);
      assertThat(readOnly.isReadOnly()).isTrue();
      assertThat(readOnly.get(6)).isEqualTo((byte) 43);
    }
  }

  @Test
  void aHandleIsAnItemByItselfAndInsideOthers() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue();
        InterpreterQueue other = Interpreters.createQueue()) {
      queue.put(other);
      queue.put(List.of(other));
      queue.put(Map.of("by the codec", other));
      assertThat(queue.get()).isSameAs(other);
      assertThat(((List<?>) queue.get()).get(0)).isSameAs(other);
      assertThat(((Map<?, ?>) queue.get()).get("by the codec")).isSameAs(other);
    }
  }

  @Test
  void everythingElseIsACopyByTheCodec() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue()) {
      Mutable item = new Mutable(null);
      queue.put(item);
      queue.put(new ArrayList<>(List.of(item, item)));
      queue.put(new int[100_000]);
      item.names.add("later");
      Mutable arrived = (Mutable) queue.get();
      assertThat(arrived.names).containsExactly("a");
      List<?> twice = (List<?>) queue.get();
      assertThat(twice.get(0)).isSameAs(twice.get(1));
      assertThat((int[]) queue.get()).hasSize(100_000);
    }
  }

  @Test
  void whatCannotCrossFailsInPutAndNamesThePath() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue();
        Socket socket = new Socket()) {
      assertThatThrownBy(() -> queue.put(new Mutable(socket)))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("Mutable.socket: java.net.Socket");
      assertThatThrownBy(() -> queue.put(new Bad(1, socket)))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("Bad.content: java.net.Socket");
      assertThatThrownBy(() -> queue.putNow(List.of(1, List.of(socket))))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("java.net.Socket");
      assertThat(queue.isEmpty()).isTrue();
      queue.put("goes on");
      assertThat(queue.get()).isEqualTo("goes on");
    }
  }

  @Test
  void aLimitOnDiskIsRoomThatComesBack() throws Exception {
    QueueOptions options =
        QueueOptions.defaults()
            .withDirectory(temporary)
            .withMaxBytes(2 << 20)
            .withByReferenceAbove(Integer.MAX_VALUE);
    try (InterpreterQueue queue = Interpreters.createQueue(options)) {
      byte[] item = new byte[10_000];
      int count = 0;
      while (true) {
        try {
          queue.putNow(item);
          count++;
        } catch (QueueFullException e) {
          break;
        }
      }
      assertThat(LiveFiles.bytes(temporary)).isLessThanOrEqualTo(2 << 20);
      assertThat(count).isGreaterThan(50);
      assertThatThrownBy(() -> queue.put(item, Duration.ofMillis(20)))
          .isInstanceOf(QueueFullException.class);
      assertThatThrownBy(() -> queue.put(new byte[3 << 20]))
          .isInstanceOf(QueueFullException.class)
          .hasMessageContaining("nor ever will be");
      int more = 2_000;
      FutureTask<Void> putting =
          start(
              () -> {
                for (int i = 0; i < more; i++) {
                  queue.put(item);
                }
                return null;
              });
      for (int i = 0; i < count + more; i++) {
        assertThat((byte[]) queue.get(Waiting.limit())).hasSize(10_000);
        if (i % 100 == 0) {
          assertThat(LiveFiles.bytes(temporary)).isLessThanOrEqualTo(2 << 20);
        }
      }
      Waiting.get(putting);
      assertThat(queue.isEmpty()).isTrue();
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void filesGoOnceTheirItemsAreTaken() throws Exception {
    try (InterpreterQueue queue =
        Interpreters.createQueue(QueueOptions.defaults().withDirectory(temporary))) {
      int count = 2_000_000;
      FutureTask<Void> putting =
          start(
              () -> {
                for (int i = 0; i < count; i++) {
                  queue.put(i);
                }
                return null;
              });
      for (int i = 0; i < count; i++) {
        assertThat(queue.get(Waiting.limit())).isEqualTo(i);
      }
      Waiting.get(putting);
      assertThat(LiveFiles.under(temporary))
          .filteredOn(file -> file.toString().contains(".cq4"))
          .hasSizeLessThan(4);
      assertThat(LiveFiles.bytes(temporary)).isLessThan(2 << 20);
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void whatIsDroppedByReferenceIsNotKept() throws Exception {
    InterpreterQueue queue = Interpreters.createQueue();
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    WeakReference<ByteBuffer> dropped = new WeakReference<>(buffer);
    queue.put(buffer);
    buffer = null;
    queue.close();
    Waiting.await()
        .until(
            () -> {
              System.gc();
              return dropped.get() == null;
            });
    assertThat(queue.toString()).contains(String.valueOf(queue.id()));
  }
}
