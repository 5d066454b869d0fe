// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Queues that keep their items, across real processes and real kills. */
@ExtendWith(LeakCheck.class)
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DurableQueueTest {
  @TempDir Path temporary;

  record Order(int number, String text) {}

  private QueueOptions options() {
    return QueueOptions.defaults().withDurable(temporary, "orders");
  }

  @Test
  void itemsSurviveAndWhatWasTakenStaysTaken() throws Exception {
    int next = 0;
    for (int round = 0; round < 6; round++) {
      try (InterpreterQueue queue = Interpreters.createQueue(options())) {
        for (int i = 0; i < 40; i++) {
          queue.put(new Order(round * 40 + i, "x".repeat(i * 1_000)));
        }
        for (int i = 0; i < 35; i++) {
          assertThat(((Order) queue.get()).number()).isEqualTo(next++);
        }
        assertThat(queue.size()).isEqualTo((round + 1) * 5L);
      }
    }
    try (InterpreterQueue queue = Interpreters.createQueue(options())) {
      assertThat(queue.size()).isEqualTo(30);
      while (!queue.isEmpty()) {
        assertThat(((Order) queue.get()).number()).isEqualTo(next++);
      }
      queue.put("last");
      assertThat(queue.get()).isEqualTo("last");
      assertThat(files()).as("those of cycles that were read are gone").hasSizeLessThan(4);
      queue.destroy();
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void largeItemsGoThroughTheFilesAndByteBuffersAsCopies() throws Exception {
    byte[] large = new byte[3 << 20];
    new Random(1).nextBytes(large);
    ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
    direct.put(7, (byte) 7);
    try (InterpreterQueue queue = Interpreters.createQueue(options())) {
      queue.put(large);
      queue.put(direct);
      queue.put("€".repeat(100_000));
      direct.put(7, (byte) 8);
    }
    try (InterpreterQueue queue = Interpreters.createQueue(options())) {
      assertThat(queue.get()).isEqualTo(large);
      assertThat(((ByteBuffer) queue.get()).get(7)).isEqualTo((byte) 7);
      assertThat(queue.get()).isEqualTo("€".repeat(100_000));
    }
  }

  @Test
  void eachEndHasOneOwner() throws Exception {
    try (InterpreterQueue both = Interpreters.createQueue(options())) {
      for (QueueEnds ends : QueueEnds.values()) {
        assertThatThrownBy(() -> Interpreters.createQueue(options().withEnds(ends)))
            .isInstanceOf(QueueInUseException.class)
            .hasMessageContaining("this process")
            .hasMessageContaining("orders");
      }
      both.put(1);
    }
    try (InterpreterQueue putting = Interpreters.createQueue(options().withEnds(QueueEnds.PUT))) {
      assertThatThrownBy(putting::getNow)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("QueueEnds.GET");
      assertThatThrownBy(putting::destroy).isInstanceOf(IllegalStateException.class);
      try (InterpreterQueue getting = Interpreters.createQueue(options().withEnds(QueueEnds.GET))) {
        assertThatThrownBy(() -> getting.putNow(1))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("QueueEnds.PUT");
        assertThat(getting.get()).isEqualTo(1);
        for (int i = 0; i < 100_000; i++) {
          putting.put(i);
          assertThat(getting.get()).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void theFolderIsForItsOwnerOnly() throws Exception {
    Interpreters.createQueue(options()).close();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(temporary.resolve("orders"))))
        .isEqualTo("rwx------");
  }

  @Test
  void aForeignStateFileIsRefused() throws Exception {
    Path home = Files.createDirectory(temporary.resolve("orders"));
    Files.write(home.resolve("state"), new byte[10]);
    assertThatThrownBy(() -> Interpreters.createQueue(options()))
        .isInstanceOf(QueueStorageException.class)
        .hasMessageContaining("not the state of a queue");
    Files.delete(home.resolve("state"));
    Interpreters.createQueue(options()).close();
  }

  @Test
  void anotherProcessOwnsAnEndUntilItEnds() throws Exception {
    try (ChildJvm child = ChildJvm.start(temporary, Putter.class, temporary.toString(), "0")) {
      Waiting.await().until(() -> child.out().contains("put 100\n"));
      assertThatThrownBy(() -> Interpreters.createQueue(options()))
          .isInstanceOf(QueueInUseException.class)
          .hasMessageContaining("another process");
      try (InterpreterQueue getting = Interpreters.createQueue(options().withEnds(QueueEnds.GET))) {
        for (int i = 0; i < 5_000; i++) {
          assertThat(((Order) getting.get(Waiting.limit())).number()).isEqualTo(i);
        }
      }
      child.process().destroyForcibly().waitFor();
    }
    Interpreters.createQueue(options()).destroy();
  }

  /** Puts orders with rising numbers until it is killed; says which of them are put for sure. */
  static final class Putter {
    public static void main(String[] arguments) throws Exception {
      QueueOptions options =
          QueueOptions.defaults()
              .withDurable(Path.of(arguments[0]), "orders")
              .withEnds(QueueEnds.PUT)
              .withMaxSize(10_000);
      int number = Integer.parseInt(arguments[1]);
      Random random = new Random(number);
      try (InterpreterQueue queue = Interpreters.createQueue(options);
          RandomAccessFile done =
              new RandomAccessFile(Path.of(arguments[0], "done").toFile(), "rw")) {
        while (true) {
          int length = random.nextInt(10) == 0 ? random.nextInt(400_000) : random.nextInt(2_000);
          queue.put(new Order(number, "x".repeat(length)));
          done.seek(0);
          done.writeInt(++number);
          if (number % 100 == 0) {
            System.out.println("put " + number);
          }
        }
      }
    }
  }

  /**
   * The last whole item of a killed writer is kept, whether or not its put has returned; a torn one
   * is dropped; the next writer goes on.
   */
  @Test
  void aWriterKilledInTheMiddleLosesNothingThatWasPut() throws Exception {
    int next = 0;
    int kept = 0;
    Random random = new Random(5);
    for (int round = 0; round < 25; round++) {
      int certain;
      try (ChildJvm child =
          ChildJvm.start(temporary, Putter.class, temporary.toString(), String.valueOf(next))) {
        int start = next;
        Waiting.await().until(() -> done() > start + 5);
        Thread.sleep(random.nextInt(30)); // the kill comes at any point
        child.process().destroyForcibly().waitFor();
        certain = done();
        assertThat(child.err()).isEmpty();
      }
      QueueOptions end = round % 3 == 0 ? options().withEnds(QueueEnds.GET) : options();
      try (InterpreterQueue queue = Interpreters.createQueue(end)) {
        assertThat(queue.size()).isPositive();
        while (!queue.isEmpty()) {
          assertThat(((Order) queue.getNow()).number()).isEqualTo(next++);
        }
        assertThatThrownBy(queue::getNow).isInstanceOf(QueueEmptyException.class);
      }
      assertThat(next).as("round %s", round).isBetween(certain, certain + 1);
      kept += next;
    }
    assertThat(kept).isPositive();
    assertThat(files()).hasSizeLessThan(5);
    Interpreters.createQueue(options()).destroy();
  }

  private int done() throws IOException {
    Path file = temporary.resolve("done");
    if (!Files.exists(file) || Files.size(file) < Integer.BYTES) {
      return 0;
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      return in.readInt();
    }
  }

  /** Takes items until it is killed, and tells which. */
  static final class Getter {
    public static void main(String[] arguments) throws Exception {
      QueueOptions options =
          QueueOptions.defaults()
              .withDurable(Path.of(arguments[0]), "orders")
              .withEnds(QueueEnds.GET);
      try (InterpreterQueue queue = Interpreters.createQueue(options)) {
        while (true) {
          System.out.println(((Order) queue.get()).number());
        }
      }
    }
  }

  @Test
  void aReaderKilledInTheMiddleTakesNothingTwice() throws Exception {
    QueueOptions end = options().withEnds(QueueEnds.PUT);
    List<Integer> taken = new ArrayList<>();
    int put = 0;
    try (InterpreterQueue queue = Interpreters.createQueue(end)) {
      for (int round = 0; round < 8; round++) {
        try (ChildJvm child = ChildJvm.start(temporary, Getter.class, temporary.toString())) {
          do {
            queue.put(new Order(put++, "x".repeat(put % 3_000)), Waiting.limit());
          } while (child.out().length() < 2_000);
          child.process().destroyForcibly().waitFor();
          assertThat(child.err()).isEmpty();
          child.out().lines().map(Integer::valueOf).forEach(taken::add);
        }
      }
    }
    try (InterpreterQueue queue = Interpreters.createQueue(options())) {
      while (!queue.isEmpty()) {
        taken.add(((Order) queue.get(Duration.ZERO)).number());
      }
    }
    assertThat(taken).doesNotHaveDuplicates().isSorted();
    assertThat(put - taken.size())
        .as("taken by a reader that was killed before it could say so")
        .isBetween(0, 8);
    Interpreters.createQueue(options()).destroy();
  }

  /** As a kill leaves it that came in the middle of a record. */
  @Test
  void aTornRecordIsCutOffWhereverItEnds() throws Exception {
    for (int length : new int[] {1, 2, 3, 4, 5, 100, 70_000, 200_000}) {
      try (InterpreterQueue queue = Interpreters.createQueue(options())) {
        queue.put("whole");
        queue.put(new byte[length]);
      }
      Path last = files().get(files().size() - 1);
      tearLastRecord(last);
      try (RandomAccessFile state =
          new RandomAccessFile(temporary.resolve("orders/state").toFile(), "rw")) {
        state.seek(256);
        long appended = Long.reverseBytes(state.readLong());
        state.seek(256);
        state.writeLong(Long.reverseBytes(appended - 2)); // killed before either was counted
      }
      try (InterpreterQueue queue = Interpreters.createQueue(options())) {
        assertThat(queue.size()).as("length %s", length).isEqualTo(1);
        queue.put("next");
        assertThat(queue.get()).isEqualTo("whole");
        assertThat(queue.get()).isEqualTo("next");
        assertThat(queue.isEmpty()).isTrue();
      }
    }
    Interpreters.createQueue(options()).destroy();
  }

  /** As a kill leaves it that came before Chronicle had begun its new file. */
  @Test
  void aFileThatWasNeverBegunIsDeleted() throws Exception {
    try (InterpreterQueue queue = Interpreters.createQueue(options())) {
      queue.put("whole");
    }
    Path next = temporary.resolve("orders/log").resolve(ByteCycle.name(7) + ".cq4");
    byte[] zeros = new byte[(int) LogWriter.CYCLE_BYTES];
    zeros[3] = (byte) 0x80;
    Files.write(next, zeros);
    Files.write(Path.of(next + ".precreated"), new byte[10]);
    try (InterpreterQueue queue = Interpreters.createQueue(options())) {
      assertThat(next).doesNotExist();
      queue.put("next");
      assertThat(queue.get()).isEqualTo("whole");
      assertThat(queue.get()).isEqualTo("next");
      queue.destroy();
    }
  }

  private static void tearLastRecord(Path path) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long position = 0;
      long lastData = -1;
      int header = Integer.reverseBytes(file.readInt());
      while (header != 0 && header != 0xc0000000) {
        if ((header & 0x40000000) == 0) {
          lastData = position;
        }
        position = position + 4 + (header & 0x3fffffff) + 3 & ~3L;
        file.seek(position);
        header = Integer.reverseBytes(file.readInt());
      }
      file.seek(lastData);
      file.writeInt(Integer.reverseBytes(0x80000000));
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(temporary.resolve("orders/log"))) {
      return all.filter(file -> file.toString().endsWith(".cq4")).sorted().toList();
    }
  }
}
