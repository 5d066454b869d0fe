// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes the lines of one output stream of a child, one after the other. */
@FunctionalInterface
interface OutputSink {
  /** What the JVM itself, and a child's stdout and stderr, are written in. */
  Charset CHARSET =
      Charset.forName(System.getProperty("native.encoding", Charset.defaultCharset().name()));

  Logger LOG = LoggerFactory.getLogger("dev.interlock.process.output");

  /** One line without its end; the array is used again afterwards. */
  void line(byte[] bytes, int length);

  default OutputSink andThen(OutputSink next) {
    return (bytes, length) -> {
      line(bytes, length);
      next.line(bytes, length);
    };
  }

  /**
   * Only the lines of a JVM's report of a fatal error, which goes to stdout whatever the flags say.
   */
  default OutputSink ofFatalErrors() {
    return (bytes, length) -> {
      if (length > 0 && bytes[0] == '#') {
        line(bytes, length);
      }
    };
  }

  static OutputSink stdout(OutputPolicy policy, String child) {
    return of(policy, child, () -> System.out);
  }

  static OutputSink stderr(OutputPolicy policy, String child) {
    return of(policy, child, () -> System.err);
  }

  private static OutputSink of(OutputPolicy policy, String child, Supplier<PrintStream> stream) {
    return switch (policy) {
      case FORWARD -> forward("[" + child + "] ", stream);
      case LOG ->
          (bytes, length) -> LOG.info("[{}] {}", child, new String(bytes, 0, length, CHARSET));
      case DISCARD -> (bytes, length) -> {};
    };
  }

  /** Bytes are passed on as they are: parent and child have one encoding. */
  private static OutputSink forward(String tag, Supplier<PrintStream> stream) {
    byte[] start = tag.getBytes(CHARSET);
    return (bytes, length) -> {
      byte[] whole = new byte[start.length + length + 1];
      System.arraycopy(start, 0, whole, 0, start.length);
      System.arraycopy(bytes, 0, whole, start.length, length);
      whole[whole.length - 1] = '\n';
      PrintStream target = stream.get();
      target.write(whole, 0, whole.length); // one call, so that lines of two children do not mix
      target.flush();
    };
  }
}
