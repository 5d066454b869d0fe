// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Deadline;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FrameChannelTest {
  private static final int LIMIT = 8 << 20;

  @TempDir Path directory;
  private SocketChannel here;
  private SocketChannel there;

  @BeforeEach
  void connect() throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      here = SocketChannel.open(address);
      there = server.accept();
    }
  }

  @AfterEach
  void disconnect() throws IOException {
    here.close();
    there.close();
  }

  @Test
  void framesOfAllSizesArriveWhole() throws Exception {
    try (FrameChannel reader = new FrameChannel(here, LIMIT, 1_024);
        FrameChannel writer = new FrameChannel(there, LIMIT, 4_096)) {
      Random random = new Random(1);
      for (int i = 0; i < 300; i++) {
        byte[] payload = new byte[random.nextInt(1 << random.nextInt(22))];
        random.nextBytes(payload);
        Frame sent = new Frame(Frame.Kind.TASK, random.nextLong(), payload);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendFully(writer, sent));
        Frame got = reader.read();
        sending.join();
        assertThat(got.id()).isEqualTo(sent.id());
        assertThat(got.kind()).isEqualTo(sent.kind());
        assertThat(Arrays.equals(got.payload(), payload)).isTrue();
      }
    }
  }

  /** Who is told that there is input waits for it without listening to anything else. */
  @Test
  void aFrameThatFillsTheBufferIsNotTakenForMoreInput() throws Exception {
    int bytes = 1_024;
    try (FrameChannel reader = new FrameChannel(here, LIMIT, bytes);
        FrameChannel writer = new FrameChannel(there, LIMIT, bytes)) {
      byte[] payload = new byte[bytes - Frame.HEADER_BYTES];
      assertThat(writer.send(new Frame(Frame.Kind.OUTCOME, 1, payload))).isTrue();
      assertThat(reader.read().payload()).hasSameSizeAs(payload);
      assertThat(reader.awaitInput(0)).isFalse();
      writer.send(Frame.bare(Frame.Kind.BELL, 0));
      assertThat(reader.awaitInput(0)).isTrue();
      assertThat(reader.read().kind()).isEqualTo(Frame.Kind.BELL);
    }
  }

  @Test
  void bothSidesMaySendLargeFramesAtOnce() throws Exception {
    byte[] large = new byte[LIMIT];
    try (FrameChannel one = new FrameChannel(here, LIMIT, 4_096);
        FrameChannel other = new FrameChannel(there, LIMIT, 4_096)) {
      assertThat(one.send(new Frame(Frame.Kind.TASK, 1, large))).isFalse();
      assertThat(other.send(new Frame(Frame.Kind.OUTCOME, 2, large))).isFalse();
      CompletableFuture<Frame> second = CompletableFuture.supplyAsync(() -> secondOf(one));
      CompletableFuture<Frame> first = CompletableFuture.supplyAsync(() -> read(other));
      assertThat(first.join().id()).isEqualTo(1);
      // A reader sends the rest of what is outgoing while it waits, until the deadline here.
      assertThatThrownBy(() -> other.read(Deadline.after(Duration.ofSeconds(1)), LIMIT))
          .isInstanceOf(SocketTimeoutException.class);
      other.send(Frame.bare(Frame.Kind.STOP, 3));
      assertThat(second.join().id()).isEqualTo(3);
    }
  }

  @Test
  void garbageIsAnError() throws Exception {
    for (byte[] garbage :
        new byte[][] {
          header(-1, 1),
          header(LIMIT + 1, 1),
          header(Integer.MAX_VALUE, 1),
          header(0, 0),
          header(0, 77),
          header(0, -1),
        }) {
      disconnect();
      Files.delete(directory.resolve("s"));
      connect();
      try (FrameChannel reader = new FrameChannel(here, LIMIT, 1_024)) {
        there.write(ByteBuffer.wrap(garbage));
        assertThatThrownBy(reader::read).isInstanceOf(ProtocolException.class);
      }
    }
  }

  private static byte[] header(int length, int kind) {
    return ByteBuffer.allocate(Frame.HEADER_BYTES)
        .putInt(length)
        .put((byte) kind)
        .putLong(1)
        .array();
  }

  /** So that a child cannot make its parent allocate what it never sends. */
  @Test
  void aLengthAloneCostsNoMemory() throws Exception {
    int declared = 1 << 30;
    try (FrameChannel reader = new FrameChannel(here, declared, 1_024)) {
      there.write(ByteBuffer.wrap(header(declared, 3)));
      there.shutdownOutput();
      long before = allocatedBytes();
      assertThat(reader.read()).isNull();
      assertThat(allocatedBytes() - before).isLessThan(LIMIT);
    }
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  @Test
  void aHalfFrameIsTheEnd() throws Exception {
    try (FrameChannel reader = new FrameChannel(here, LIMIT, 1_024)) {
      there.write(ByteBuffer.wrap(header(100, 3)));
      there.close();
      assertThat(reader.read()).isNull();
    }
  }

  @Test
  void closingWithUnreadInputIsTellableFromAnOrdinaryEnd() throws Exception {
    try (FrameChannel reader = new FrameChannel(here, LIMIT, 1_024)) {
      reader.send(Frame.bare(Frame.Kind.TASK, 1));
      there.close();
      assertThatThrownBy(reader::read)
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void readingEndsByTheDeadline() throws Exception {
    try (FrameChannel reader = new FrameChannel(here, LIMIT, 1_024)) {
      assertThatThrownBy(() -> reader.read(Deadline.after(Duration.ofMillis(20)), LIMIT))
          .isInstanceOf(SocketTimeoutException.class);
      CompletableFuture<Throwable> reading =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return new AssertionError(reader.read());
                } catch (IOException e) {
                  return e;
                }
              });
      reader.readUntil(Deadline.after(Duration.ofMillis(20)));
      assertThat(reading.join()).isInstanceOf(SocketTimeoutException.class);
      reader.readUntil(null);
      assertThat(reader.awaitInput(1)).as("nothing came, and no time-out").isFalse();
    }
  }

  @Test
  void aSideThatDoesNotReadIsReported() throws Exception {
    try (FrameChannel writer = new FrameChannel(here, LIMIT, 1_024)) {
      assertThat(writer.send(new Frame(Frame.Kind.TASK, 1, new byte[LIMIT]))).isFalse();
      assertThatThrownBy(() -> writer.send(Frame.bare(Frame.Kind.STOP, 0)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("does not read");
    }
  }

  private static Frame secondOf(FrameChannel channel) {
    assertThat(read(channel).id()).isEqualTo(2);
    return read(channel);
  }

  private static void sendFully(FrameChannel channel, Frame frame) {
    try {
      channel.sendFully(frame);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Frame read(FrameChannel channel) {
    try {
      return channel.read();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
