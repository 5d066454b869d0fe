// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.spi.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory of one log, which goes with it. */
final class ScratchStorage implements LogStorage {
  private final Path directory;
  private final LogCounters counters = LogCounters.inMemory();

  /**
   * Creates the directory.
   *
   * @param directory does not exist yet; its parent does
   * @throws IOException if it cannot be created or there is no space; nothing is left
   */
  ScratchStorage(Path directory) throws IOException {
    this.directory = directory;
    Files.createDirectory(directory);
    try {
      new CycleFiles(directory).createMetadata();
    } catch (IOException | RuntimeException | Error e) {
      try {
        release();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public LogCounters counters() {
    return counters;
  }

  @Override
  public int firstCycle() {
    return 0;
  }

  @Override
  public QueueEnds ends() {
    return QueueEnds.BOTH;
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public void release() throws IOException {
    FileTree.delete(directory);
  }

  @Override
  public void discard() throws IOException {
    release();
  }
}
