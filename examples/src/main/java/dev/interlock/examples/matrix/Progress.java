// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows on standard error how far a run is: a bar that is redrawn on a terminal, a line now and
 * then elsewhere. Confined to one thread.
 */
public final class Progress implements AutoCloseable {
  private static final int BAR = 20;
  private static final int WIDTH = 79;
  private static final long LINE_EVERY_NS = TimeUnit.SECONDS.toNanos(5);

  /** Where the progress goes to. */
  public enum Style {
    /** A terminal: one line, redrawn. */
    BAR,
    /** A file or a pipe: a line at intervals. */
    LINES,
    /** Nothing is shown. */
    QUIET
  }

  private final PrintStream err;
  private final Style style;
  private final long startNs = System.nanoTime();
  private long lastLineNs = startNs - LINE_EVERY_NS;
  private int cells;
  private int done;

  public Progress(PrintStream err, Style style) {
    this.err = err;
    this.style = style;
  }

  /** What suits this process: quiet if asked for, a bar if standard error is a terminal. */
  public static Style styleFor(boolean quiet) {
    return quiet ? Style.QUIET : isTerminal() ? Style.BAR : Style.LINES;
  }

  private static boolean isTerminal() {
    try {
      return new ProcessBuilder("sh", "-c", "test -t 2").inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false; // no shell to ask, so lines, which every output can show
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void expect(int count) {
    cells = count;
  }

  void cellDone() {
    done++;
  }

  /**
   * Says what is measured now.
   *
   * @param run the number of the run, 0 for the warm-up, -1 while its JVM starts
   */
  void at(String strategy, @Nullable String tasks, int run) {
    String what =
        tasks == null
            ? strategy + ": starting"
            : strategy + ": " + tasks + (run == 0 ? " (warm-up)" : " (run " + run + ")");
    switch (style) {
      case QUIET -> {}
      case LINES -> line(what);
      case BAR -> bar(what);
    }
  }

  private void line(String what) {
    long nowNs = System.nanoTime();
    if (nowNs - lastLineNs >= LINE_EVERY_NS) {
      lastLineNs = nowNs;
      err.println("[" + done + "/" + cells + "] " + what + ", " + seconds());
    }
  }

  private void bar(String what) {
    int filled = cells == 0 ? 0 : BAR * done / cells;
    String text =
        "["
            + "#".repeat(filled)
            + ".".repeat(BAR - filled)
            + "] "
            + done
            + "/"
            + cells
            + " "
            + seconds()
            + "  "
            + what;
    String line = text.length() > WIDTH ? text.substring(0, WIDTH) : text;
    err.print("\r" + line + " ".repeat(WIDTH - line.length()));
    err.flush();
  }

  private String seconds() {
    double seconds = (System.nanoTime() - startNs) / 1e9;
    return String.format(Locale.ROOT, "%.0f s", seconds);
  }

  /** Takes the bar off the terminal. */
  @Override
  public void close() {
    if (style == Style.BAR) {
      err.print("\r" + " ".repeat(WIDTH) + "\r");
      err.flush();
    }
  }
}
