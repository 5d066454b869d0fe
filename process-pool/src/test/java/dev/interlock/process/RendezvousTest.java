// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Deadline;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RendezvousTest {
  private static final int LIMIT = 1 << 20;

  @TempDir Path directory;

  @Test
  void aChildMeetsItsParentOnAUnixSocket() throws Exception {
    meet(directory);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void aLongPathMakesItALoopbackPort() throws Exception {
    Path deep = Files.createDirectories(directory.resolve("x".repeat(100)));
    meet(deep);
    assertThat(deep).isEmptyDirectory();
  }

  private static Rendezvous.Channels accept(Rendezvous rendezvous) throws IOException {
    Deadline deadline = Deadline.after(Duration.ofSeconds(30));
    Rendezvous.Channels met = null;
    while (met == null && !deadline.hasPassed()) {
      met = rendezvous.await(deadline.remainingNs());
    }
    return met;
  }

  private static void meet(Path where) throws Exception {
    try (Rendezvous rendezvous = Rendezvous.open(where, "worker-1", LIMIT)) {
      assertThat(rendezvous.launch().socketPath().isEmpty())
          .isEqualTo(rendezvous.launch().port() > 0);
      ByteArrayOutputStream pipe = new ByteArrayOutputStream();
      rendezvous.launch().writeTo(pipe);
      Launch launch = Launch.readFrom(new ByteArrayInputStream(pipe.toByteArray()));
      try (FrameChannel control = launch.connect(Launch.CONTROL, 64);
          FrameChannel tasks = launch.connect(Launch.TASKS, 64);
          Rendezvous.Channels met = accept(rendezvous)) {
        met.tasks().send(Frame.bare(Frame.Kind.STOP, 4));
        met.control().send(Frame.bare(Frame.Kind.CANCEL, 5));
        assertThat(tasks.read().id()).isEqualTo(4);
        assertThat(control.read().id()).isEqualTo(5);
      }
    }
  }

  @Test
  void aStrangerIsTurnedAwayAndTheChildStillMeetsItsParent() throws Exception {
    try (Rendezvous rendezvous = Rendezvous.open(directory, "worker-1", LIMIT)) {
      Launch launch = rendezvous.launch();
      Launch wrong =
          new Launch(launch.socketPath(), launch.port(), new byte[Launch.TOKEN_BYTES], LIMIT);
      try (FrameChannel stranger = wrong.connect(Launch.TASKS, 64);
          FrameChannel tasks = launch.connect(Launch.TASKS, 64);
          FrameChannel control = launch.connect(Launch.CONTROL, 64);
          Rendezvous.Channels met = accept(rendezvous)) {
        assertThat(met).isNotNull();
        met.tasks().send(Frame.bare(Frame.Kind.STOP, 4));
        assertThat(tasks.read().id()).isEqualTo(4);
        assertThat(stranger.read()).isNull();
        assertThat(control).isNotNull();
      }
    }
  }

  @Test
  void waitingEndsWithItsLimitAndByAWakeUp() throws Exception {
    try (Rendezvous rendezvous = Rendezvous.open(directory, "worker-1", LIMIT)) {
      assertThat(rendezvous.await(Duration.ofMillis(20).toNanos())).isNull();
      CompletableFuture<Object> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return String.valueOf(rendezvous.await(Duration.ofHours(1).toNanos()));
                } catch (IOException e) {
                  return e;
                }
              });
      rendezvous.wakeup();
      assertThat(waiting.join()).isEqualTo("null");
    }
  }
}
