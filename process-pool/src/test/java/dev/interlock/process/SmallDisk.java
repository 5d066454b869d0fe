// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system of its own, in memory, that can be full; a test is skipped where none can be. */
final class SmallDisk implements AutoCloseable {
  private static final int BLOCK_BYTES = 4 << 10;

  private final Path path;

  private SmallDisk(Path path) {
    this.path = path;
  }

  /** Mounts one at this directory, which is created. */
  static SmallDisk mount(Path path, int kibibytes) throws Exception {
    Files.createDirectory(path);
    String options = "size=" + kibibytes + "k,mode=0700";
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path.toString()),
        "no file system can be mounted here");
    return new SmallDisk(path);
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  Path path() {
    return path;
  }

  private Path filler() {
    return path.resolve("filler");
  }

  /** Takes all the space but so much. */
  void fillUpTo(int leftBytes) throws IOException {
    try (FileChannel file =
        FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (Files.getFileStore(path).getUsableSpace() > leftBytes) {
        file.write(ByteBuffer.allocate(BLOCK_BYTES));
      }
    }
  }

  /** Gives it back. */
  void free() throws IOException {
    Files.deleteIfExists(filler());
  }

  void makeReadOnly() throws Exception {
    assumeTrue(run("mount", "-o", "remount,ro", path.toString()), "cannot be mounted again");
  }

  @Override
  public void close() throws InterruptedException {
    if (!run("umount", "-l", path.toString())) { // memory may be mapped until it is collected
      throw new IllegalStateException("cannot unmount " + path);
    }
  }
}
