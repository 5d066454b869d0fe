// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** Reads a throwable whose own methods may throw: user code overrides them. */
final class SafeThrowable {
  private static final StackTraceElement[] NO_FRAMES = {};

  private SafeThrowable() {}

  static @Nullable String message(Throwable thrown) {
    try {
      return thrown.getMessage();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return "(getMessage() failed with " + e.getClass().getName() + ")";
    }
  }

  static @Nullable Throwable cause(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return null;
    }
  }

  static StackTraceElement[] frames(Throwable thrown) {
    try {
      StackTraceElement[] frames = thrown.getStackTrace();
      return frames == null ? NO_FRAMES : frames;
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return NO_FRAMES;
    }
  }

  /** What {@code printStackTrace} prints, or as much of it as can be had. */
  static String text(Throwable thrown) {
    return text(thrown, new StringWriter());
  }

  /** Fails beyond a length that no honest cause has. */
  private static final class ShortText extends StringWriter {
    private static final int MOST_CHARS = 256 * 1024;

    @Override
    public void write(String text, int offset, int length) {
      if (getBuffer().length() + length > MOST_CHARS) {
        throw new IllegalStateException("too long");
      }
      super.write(text, offset, length);
    }
  }

  private static String text(Throwable thrown, StringWriter text) {
    try (PrintWriter writer = new PrintWriter(text)) {
      thrown.printStackTrace(writer);
      return text.toString();
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      return text(thrown.getClass().getName(), message(thrown), frames(thrown), null);
    }
  }

  /** The same from parts, for a throwable whose class is not here. */
  static String text(
      String type,
      @Nullable String message,
      StackTraceElement[] frames,
      @Nullable Throwable cause) {
    StringBuilder text = new StringBuilder(type);
    if (message != null) {
      text.append(": ").append(message);
    }
    text.append(System.lineSeparator());
    for (StackTraceElement frame : frames) {
      text.append("\tat ").append(frame).append(System.lineSeparator());
    }
    if (cause != null) {
      text.append("Caused by: ").append(text(cause, new ShortText()));
    }
    return text.toString();
  }
}
