// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames by a child's stdin and stdout, for as long as the sockets are not there. To the child, a
 * frame is as it is by a socket. From the child, where what tasks print goes the same way, the
 * child's token stands before each: 256 random bits, which nothing else prints. Token and frame are
 * written at once, and are so short that the system never puts anything else between them: {@code
 * PIPE_BUF} of POSIX, which on Linux is 4,096 bytes.
 */
final class StdioFrames {
  /** What a pipe takes at once, or not at all. */
  static final int MOST_BYTES = 4_096;

  /** The longest payload. */
  static final int LARGEST_PAYLOAD_BYTES = MOST_BYTES - Launch.TOKEN_BYTES - Frame.HEADER_BYTES;

  private StdioFrames() {}

  /** Whether the frame can go this way. */
  static boolean fits(Frame frame) {
    return frame.payload().length <= LARGEST_PAYLOAD_BYTES;
  }

  /** Parent to child. */
  static void write(OutputStream stdin, Frame frame) throws IOException {
    stdin.write(bytes(new byte[0], frame));
    stdin.flush();
  }

  /** Child to parent: the bytes are written by one call. */
  static void write(OutputStream stdout, byte[] token, Frame frame) throws IOException {
    stdout.write(bytes(token, frame));
  }

  private static byte[] bytes(byte[] token, Frame frame) {
    byte[] payload = frame.payload();
    return ByteBuffer.allocate(token.length + Frame.HEADER_BYTES + payload.length)
        .put(token)
        .putInt(payload.length)
        .put(frame.kind().code())
        .putLong(frame.id())
        .put(payload)
        .array();
  }

  /**
   * The child's side: waits for the next frame; null at the end.
   *
   * @throws ProtocolException if what came is no frame
   */
  static @Nullable Frame read(InputStream stdin) throws IOException {
    int first = stdin.read();
    if (first < 0) {
      return null;
    }
    byte[] header = new byte[Frame.HEADER_BYTES];
    header[0] = (byte) first;
    DataInputStream data = new DataInputStream(stdin);
    data.readFully(header, 1, header.length - 1);
    ByteBuffer fields = ByteBuffer.wrap(header);
    int length = fields.getInt();
    if (length < 0 || length > LARGEST_PAYLOAD_BYTES) {
      throw new ProtocolException("a frame of " + length + " bytes by stdin");
    }
    byte[] payload = new byte[length];
    Frame.Kind kind = Frame.Kind.ofCode(fields.get());
    data.readFully(payload);
    return new Frame(kind, fields.getLong(), payload);
  }
}
