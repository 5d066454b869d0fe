// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.config.Options;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of this strategy, checked.
 *
 * @param start how children are started
 * @param results what results may consist of
 * @param output what becomes of the children's output
 * @param maxFrameBytes the largest encoded task or result
 * @param startTimeout how long a child may take until it is ready
 * @param stopTimeout how long a child may take to end when asked to
 * @param killAfter how long a task may go on after its interrupt; empty for as long as it likes
 * @param recycle when children are replaced
 * @param transport how tasks travel
 * @param buffers how what is large in them travels
 */
record ProcessOptions(
    StartOptions start,
    ResultOptions results,
    OutputPolicy output,
    int maxFrameBytes,
    Duration startTimeout,
    Duration stopTimeout,
    Optional<Duration> killAfter,
    RecycleOptions recycle,
    TransportOptions transport,
    BufferOptions buffers) {
  /** The last ones, and where they were read: a program's pools are mostly opened alike. */
  private static volatile @Nullable Known last;

  private record Known(Options options, ProcessOptions read) {}

  private static final int LEAST_FRAME_BYTES = 64 << 10;

  /** An array of more bytes is more than JVMs promise. */
  private static final int MOST_FRAME_BYTES = Integer.MAX_VALUE - 64;

  private static final Duration LONGEST = Duration.ofHours(1);

  static ProcessOptions from(Options options) {
    Known known = last;
    if (known != null && known.options.isSameAs(options)) {
      return known.read;
    }
    ProcessOptions read = read(options);
    if (!read.start.namesFiles() && read.buffers.directory() == null) {
      last = new Known(options, read); // else what is there is looked at each time
    }
    return read;
  }

  private static ProcessOptions read(Options options) {
    return new ProcessOptions(
        StartOptions.from(options),
        ResultOptions.from(options),
        options.choice("output", OutputPolicy.class),
        (int) options.bytes("max-frame", LEAST_FRAME_BYTES, MOST_FRAME_BYTES),
        options.duration("start-timeout", Duration.ofMillis(1), LONGEST),
        options.duration("stop-timeout", Duration.ZERO, LONGEST),
        options.durationOr("off", "kill-after", Duration.ZERO, LONGEST),
        RecycleOptions.from(options.under("recycle")),
        TransportOptions.from(options),
        BufferOptions.from(options));
  }
}
