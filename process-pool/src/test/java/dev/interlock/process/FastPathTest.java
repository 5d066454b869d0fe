// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Task;
import dev.interlock.codec.CapsuleRunner;
import dev.interlock.codec.TaskCodec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A child's task loop in this process, and the parent's ends of its sockets and rings. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FastPathTest {
  private static final int LIMIT = 8 << 20;
  private static final List<Integer> ran = new CopyOnWriteArrayList<>();

  private final TaskCodec codec = new TaskCodec(FastPathTest.class.getClassLoader());
  @TempDir Path directory;
  private FrameChannel parent;
  private CompletableFuture<Void> child;

  @BeforeEach
  void start() throws IOException {
    ran.clear();
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      parent = new FrameChannel(SocketChannel.open(address), LIMIT, FrameChannel.BUFFER_BYTES);
      FrameChannel tasks = new FrameChannel(server.accept(), LIMIT, FrameChannel.BUFFER_BYTES);
      child = CompletableFuture.runAsync(() -> runLoop(tasks));
    }
  }

  private static void runLoop(FrameChannel tasks) {
    try (tasks) {
      ChildOutput output =
          new ChildOutput(OutputStream.nullOutputStream(), OutputStream.nullOutputStream());
      ChildEnd end = new ChildEnd(InputStream.nullInputStream(), new byte[0], null);
      end.connected(tasks);
      new TaskLoop(end, LIMIT, new TaskCodec(FastPathTest.class.getClassLoader()), output).run();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() throws IOException {
    parent.send(Frame.bare(Frame.Kind.STOP, 0));
    child.join();
    parent.close();
  }

  private static byte[] bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] task(int number) {
    Task<Integer> task =
        () -> {
          ran.add(number);
          return number;
        };
    return codec.encodeTask(task);
  }

  private Object valueOf(byte[] outcome) {
    return CapsuleRunner.outcome(codec, outcome).value();
  }

  @Test
  void aTaskThatIsTakenBackNeverRuns() throws Exception {
    try (RingFile file = RingFile.createIn(directory)) {
      RingWriter tasks = new RingWriter(RingFile.tasks(file.memory()));
      RingReader outcomes = new RingReader(RingFile.outcomes(file.memory()));
      long[] positions = new long[10];
      for (int i = 0; i < 10; i++) {
        positions[i] = tasks.position();
        assertThat(tasks.write(Claim.OFFERED, i, task(i))).isTrue();
      }
      for (int i = 1; i < 10; i += 2) {
        assertThat(tasks.revoke(positions[i])).isTrue();
      }
      parent.send(new Frame(Frame.Kind.ATTACH, 0, bytes(file.path())));
      assertThat(parent.read().kind()).isEqualTo(Frame.Kind.ATTACHED);
      for (int i = 0; i < 10; i += 2) {
        awaitRecord(outcomes);
        assertThat(outcomes.id()).isEqualTo(i);
        assertThat(valueOf(outcomes.payload())).isEqualTo(i);
        outcomes.release();
        assertThat(tasks.isTaken(positions[i])).isTrue();
      }
      assertThat(ran).containsExactly(0, 2, 4, 6, 8);
    }
  }

  @Test
  void theChildSaysThatATaskBeginsOnlyIfThatIsWanted() throws Exception {
    long plain = Delivery.of(1, 1, false, 0);
    long announced = Delivery.of(2, 1, true, 0);
    parent.send(new Frame(Frame.Kind.TASK, plain, task(1)));
    assertThat(parent.read().kind()).isEqualTo(Frame.Kind.OUTCOME);
    parent.send(new Frame(Frame.Kind.TASK, announced, task(2)));
    Frame begun = parent.read();
    assertThat(begun.kind()).isEqualTo(Frame.Kind.BEGUN);
    assertThat(begun.id()).isEqualTo(announced);
    assertThat(parent.read().kind()).isEqualTo(Frame.Kind.OUTCOME);
    try (RingFile file = RingFile.createIn(directory)) {
      parent.send(new Frame(Frame.Kind.ATTACH, 0, bytes(file.path())));
      assertThat(parent.read().kind()).isEqualTo(Frame.Kind.ATTACHED);
      RingWriter tasks = new RingWriter(RingFile.tasks(file.memory()));
      RingReader outcomes = new RingReader(RingFile.outcomes(file.memory()));
      assertThat(tasks.write(Claim.OFFERED, announced, task(3))).isTrue();
      parent.send(Frame.bare(Frame.Kind.BELL, 0));
      awaitRecord(outcomes); // by its bell, and nothing before
      assertThat(outcomes.id()).isEqualTo(announced);
    }
  }

  private void awaitRecord(RingReader outcomes) throws IOException {
    while (!outcomes.next()) {
      if (outcomes.fallAsleep()) {
        assertThat(parent.read().kind()).isEqualTo(Frame.Kind.BELL);
      }
    }
  }

  @Test
  void aFileThatCannotBeMappedIsRefusedAndTheSocketGoesOn() throws Exception {
    Path small = Files.writeString(directory.resolve("small"), "not a ring");
    for (Path path : List.of(directory.resolve("missing"), directory, small)) {
      parent.send(new Frame(Frame.Kind.ATTACH, 0, bytes(path)));
      assertThat(parent.read().kind()).isEqualTo(Frame.Kind.REFUSED);
      parent.send(new Frame(Frame.Kind.TASK, 5, task(1)));
      Frame outcome = parent.read();
      assertThat(outcome.kind()).isEqualTo(Frame.Kind.OUTCOME);
      assertThat(valueOf(outcome.payload())).isEqualTo(1);
    }
  }

  @Test
  void theFileIsTheOwnersAndGoneAfterwards() throws Exception {
    Path path;
    try (RingFile file = RingFile.createIn(directory)) {
      path = file.path();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
    }
    assertThat(path).doesNotExist();
  }

  @Test
  void whereNoFileCanBeMadeThereIsNone() throws Exception {
    Path noDirectory = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> RingFile.createIn(noDirectory)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> RingFile.createIn(directory.resolve("missing")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void whatAKilledParentHasLeftIsDeletedAfterAWhile() throws Exception {
    Path old = Files.createFile(directory.resolve("interlock-ring-1-1"));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3_600)));
    Path fresh = Files.createFile(directory.resolve("interlock-ring-1-2"));
    Path other = Files.createFile(directory.resolve("other"));
    Files.setLastModifiedTime(other, FileTime.from(Instant.now().minusSeconds(3_600)));
    RingFile.sweep(directory);
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    assertThat(other).exists();
  }
}
