// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

/** The stack of the code that submits a task, without Interlock's own frames at its top. */
final class SubmitStack {
  private static final int MOST_FRAMES = 16;
  private static final StackWalker WALKER = StackWalker.getInstance();

  private SubmitStack() {}

  static StackTraceElement[] capture() {
    return WALKER.walk(
        frames ->
            frames
                .dropWhile(frame -> frame.getClassName().startsWith("dev.interlock.spi."))
                .limit(MOST_FRAMES)
                .map(StackWalker.StackFrame::toStackTraceElement)
                .toArray(StackTraceElement[]::new));
  }
}
