// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.config.Options;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The options of large buffers, checked.
 *
 * @param policy whether they may go by files
 * @param directory where the files are; null for {@code /dev/shm} or the directory for temporary
 *     files
 */
record BufferOptions(OutOfBandPolicy policy, @Nullable Path directory) {

  /** Whether large buffers go beside the frames. */
  enum OutOfBandPolicy {
    /** By files, where they can be written. */
    AUTO,
    /** Never: everything is in the frame. */
    OFF
  }

  private static final String ALLOWED = "'auto', or the path of an existing directory";
  private static final String DIRECTORY = "out-of-band-directory";

  static BufferOptions from(Options options) {
    return new BufferOptions(
        options.choice("out-of-band", OutOfBandPolicy.class), directory(options));
  }

  private static @Nullable Path directory(Options options) {
    if (options.isWord(DIRECTORY, "auto")) {
      return null;
    }
    String written = options.text(DIRECTORY);
    Path directory;
    try {
      directory = Path.of(written).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw options.wrong(DIRECTORY, written, ALLOWED);
    }
    if (!Files.isDirectory(directory)) {
      throw options.wrong(DIRECTORY, written, ALLOWED);
    }
    return directory;
  }
}
