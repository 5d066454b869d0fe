// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A child's stdout, less the {@link StdioFrames} in it. A frame comes whole, unless what is read at
 * once ends within it: so text is held back only if it is followed by more that can be read.
 *
 * <p>What is no frame is text, whatever stands before it, and so is all that comes after as many
 * frames as a child may send this way. Used by one thread.
 */
final class FrameFilter extends FilterInputStream {
  private static final Frame.Kind[] KINDS = {
    Frame.Kind.READY, Frame.Kind.BEGUN, Frame.Kind.OUTCOME
  };

  private final byte[] token;
  private final Consumer<Frame> taker;
  private final byte[] buffer = new byte[2 * StdioFrames.MOST_BYTES];

  /** What is to be handed out. */
  private int textFrom;

  private int textTo;

  /** What has been read, and not looked at, is behind the text. */
  private int filled;

  private int framesLeft;

  /**
   * @param taker called with each frame
   */
  FrameFilter(InputStream stdout, byte[] token, Consumer<Frame> taker) {
    super(stdout);
    this.token = token.clone();
    this.framesLeft = KINDS.length;
    this.taker = taker;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (textFrom == textTo) {
      if (framesLeft == 0 && filled == textTo) {
        return super.read(target, offset, length);
      }
      if (!fill()) {
        return -1;
      }
    }
    int taken = Math.min(length, textTo - textFrom);
    System.arraycopy(buffer, textFrom, target, offset, taken);
    textFrom += taken;
    return taken;
  }

  /** Reads more, and takes the frames out of it; false at the end. */
  private boolean fill() throws IOException {
    System.arraycopy(buffer, textTo, buffer, 0, filled - textTo);
    filled -= textTo;
    textFrom = 0;
    textTo = 0;
    int read = super.read(buffer, filled, buffer.length - filled);
    if (read < 0) {
      textTo = filled;
      return filled > 0;
    }
    filled += read;
    boolean moreToRead = filled == buffer.length;
    textTo = takeFrames(moreToRead);
    return true;
  }

  /** Takes out what is a frame, and returns where the text before the next, unfinished one ends. */
  private int takeFrames(boolean moreToRead) {
    int at = 0;
    while (framesLeft > 0 && at < filled) {
      int next = indexOfToken(at);
      if (next == filled) {
        break;
      }
      int length = frameLength(next);
      if (next + length <= filled) {
        take(next, length);
        at = next;
      } else if (moreToRead && next > 0) {
        return next;
      } else {
        at = next + 1; // no frame: whole ones come at once
      }
    }
    return filled;
  }

  /** Where the token begins, or the part of it that there is; {@code filled} if nowhere. */
  private int indexOfToken(int from) {
    int at = from;
    while (at < filled && !isTokenAt(at)) {
      at++;
    }
    return at;
  }

  private boolean isTokenAt(int at) {
    int length = Math.min(token.length, filled - at);
    return buffer[at] == token[0] && Arrays.equals(buffer, at, at + length, token, 0, length);
  }

  /** How many bytes token and frame are, or would be; so many that they are not there, if none. */
  private int frameLength(int at) {
    int header = token.length + Frame.HEADER_BYTES;
    if (filled - at < header) {
      return header;
    }
    ByteBuffer fields = ByteBuffer.wrap(buffer, at + token.length, Frame.HEADER_BYTES);
    int payload = fields.getInt();
    return payload < 0
            || payload > StdioFrames.LARGEST_PAYLOAD_BYTES
            || kindOf(fields.get()) == null
        ? buffer.length + 1
        : header + payload;
  }

  private void take(int at, int length) {
    ByteBuffer fields = ByteBuffer.wrap(buffer, at + token.length, Frame.HEADER_BYTES);
    int payload = fields.getInt();
    Frame.Kind kind = Objects.requireNonNull(kindOf(fields.get()));
    long id = fields.getLong();
    byte[] content = Arrays.copyOfRange(buffer, at + length - payload, at + length);
    System.arraycopy(buffer, at + length, buffer, at, filled - at - length);
    filled -= length;
    framesLeft--;
    taker.accept(new Frame(kind, id, content));
  }

  /** What a child says this way. */
  private static Frame.@Nullable Kind kindOf(byte code) {
    for (Frame.Kind kind : KINDS) {
      if (kind.code() == code) {
        return kind;
      }
    }
    return null;
  }
}
