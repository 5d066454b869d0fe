// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A child's stdout with frames in it. */
class FrameFilterTest {
  private static final byte[] TOKEN = new byte[Launch.TOKEN_BYTES];

  static {
    for (int i = 0; i < TOKEN.length; i++) {
      TOKEN[i] = (byte) ('A' + i % 3 * i);
    }
  }

  private final List<Frame> frames = new ArrayList<>();

  /** A pipe: what is written at once is read at once, unless there is more than was asked for. */
  private static final class Pipe extends InputStream {
    private final Deque<byte[]> writes = new ArrayDeque<>();

    Pipe(byte[]... writes) {
      this.writes.addAll(List.of(writes));
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      byte[] next = writes.poll();
      if (next == null) {
        return -1;
      }
      int taken = Math.min(length, next.length);
      System.arraycopy(next, 0, target, offset, taken);
      if (taken < next.length) {
        writes.addFirst(java.util.Arrays.copyOfRange(next, taken, next.length));
      }
      return taken;
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] frame(Frame.Kind kind, long id, int payloadBytes) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      StdioFrames.write(bytes, TOKEN, new Frame(kind, id, new byte[payloadBytes]));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private String filtered(byte[]... writes) throws IOException {
    frames.clear();
    try (FrameFilter filter = new FrameFilter(new Pipe(writes), TOKEN, frames::add)) {
      return new String(filter.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void framesAreTakenOutOfTheText() throws IOException {
    byte[] ready = frame(Frame.Kind.READY, 0, 0);
    byte[] begun = frame(Frame.Kind.BEGUN, 7, 0);
    byte[] outcome = frame(Frame.Kind.OUTCOME, 7, 12);
    assertThat(filtered(ready, text("one"), joined(text(" two"), begun, text(" three"), outcome)))
        .isEqualTo("one two three");
    assertThat(frames)
        .extracting(Frame::kind)
        .containsExactly(Frame.Kind.READY, Frame.Kind.BEGUN, Frame.Kind.OUTCOME);
    assertThat(frames.get(2).id()).isEqualTo(7);
    assertThat(frames.get(2).payload()).hasSize(12);
  }

  @Test
  void aFrameMayEndBehindWhatIsReadAtOnce() throws IOException {
    byte[] outcome = frame(Frame.Kind.OUTCOME, 9, StdioFrames.LARGEST_PAYLOAD_BYTES);
    for (int before = 4_000; before < 8_300; before += 7) {
      String text = "x".repeat(before);
      assertThat(filtered(joined(text(text), outcome, text("end")))).isEqualTo(text + "end");
      assertThat(frames).hasSize(1);
      assertThat(frames.get(0).payload()).hasSize(StdioFrames.LARGEST_PAYLOAD_BYTES);
    }
  }

  @Test
  void whatBeginsAsAFrameDoesIsNotHeldBack() throws IOException {
    byte[] begin = java.util.Arrays.copyOf(TOKEN, 5);
    Pipe pipe = new Pipe(begin, text("more"));
    try (FrameFilter filter = new FrameFilter(pipe, TOKEN, frames::add)) {
      byte[] target = new byte[100];
      assertThat(filter.read(target, 0, target.length)).isEqualTo(begin.length);
      assertThat(filter.read(target, 0, target.length)).isEqualTo(4);
      assertThat(filter.read(target, 0, target.length)).isEqualTo(-1);
    }
    assertThat(frames).isEmpty();
  }

  @Test
  void whatIsNoFrameIsText() throws IOException {
    byte[] unknown = frame(Frame.Kind.STOP, 1, 3);
    byte[] tooLong = frame(Frame.Kind.OUTCOME, 1, 3);
    tooLong[Launch.TOKEN_BYTES] = 1;
    byte[] negative = frame(Frame.Kind.OUTCOME, 1, 3);
    negative[Launch.TOKEN_BYTES] = -1;
    for (byte[] wrong : List.of(unknown, tooLong, negative)) {
      byte[] all = joined(text("a"), wrong, text("b"));
      assertThat(filtered(all)).isEqualTo(new String(all, StandardCharsets.ISO_8859_1));
      assertThat(frames).isEmpty();
    }
  }

  @Test
  void aChildThatSendsMoreFramesThanItMaySendsText() throws IOException {
    byte[] ready = frame(Frame.Kind.READY, 0, 0);
    assertThat(filtered(ready, ready, ready, ready, text("end")))
        .isEqualTo(new String(ready, StandardCharsets.ISO_8859_1) + "end");
    assertThat(frames).hasSize(3);
  }
}
