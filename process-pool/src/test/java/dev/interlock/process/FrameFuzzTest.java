// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.Deadline;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a child may write on its channel instead of frames. */
class FrameFuzzTest {
  private static final int LIMIT = 4_096;
  private static final Duration LONG = Duration.ofSeconds(10);

  @TempDir Path directory;

  /** Each ends with the end of the stream or an I/O failure, and frames within the limit before. */
  @Test
  @Timeout(60)
  void noiseIsFramesOrAnIoFailure() throws IOException {
    Random random = new Random(20_261_120);
    int frames = 0;
    int failures = 0;
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      for (int i = 0; i < 1_000; i++) {
        SocketChannel here = SocketChannel.open(address);
        try (SocketChannel there = server.accept();
            FrameChannel reader = new FrameChannel(here, LIMIT, 1_024)) {
          there.write(ByteBuffer.wrap(noise(random)));
          there.shutdownOutput();
          for (Frame frame = reader.read(Deadline.after(LONG), LIMIT);
              frame != null;
              frame = reader.read(Deadline.after(LONG), LIMIT)) {
            assertThat(frame.payload().length).isLessThanOrEqualTo(LIMIT);
            frames++;
          }
        } catch (IOException e) {
          failures++;
        }
      }
    }
    assertThat(frames).isPositive();
    assertThat(failures).isPositive();
  }

  /** Headers that are right in part, and bytes that are not. */
  private static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(2_000)];
    random.nextBytes(noise);
    ByteBuffer bytes = ByteBuffer.wrap(noise);
    while (bytes.remaining() > Frame.HEADER_BYTES && random.nextInt(4) > 0) {
      int length = random.nextInt(random.nextBoolean() ? 100 : LIMIT + 10);
      bytes.putInt(length).put((byte) random.nextInt(9)).putLong(random.nextLong());
      bytes.position(Math.min(bytes.limit(), bytes.position() + length));
    }
    return noise;
  }
}
