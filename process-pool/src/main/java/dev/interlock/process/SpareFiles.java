// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that are done with, kept for a second under another name: to write into a file that has its
 * memory already takes half of the time. A name is taken over by renaming, which happens once
 * whoever tries: so parent and child need not talk about it.
 *
 * <p>Thread-safe.
 */
final class SpareFiles {
  private static final Logger log = LoggerFactory.getLogger(SpareFiles.class);

  /** A larger file is not kept. */
  private static final long MOST_BYTES = 64L << 20;

  private static final long KEPT_NS = TimeUnit.SECONDS.toNanos(1);

  private static final FileAttribute<?> ONLY_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Set<Path> kept = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean willTrim = new AtomicBoolean();
  private volatile long lastKeptNs;

  /** Opens a new file to write to, which may be the spare under another name. */
  static FileChannel open(Path spare, Path path) throws IOException {
    try {
      Files.move(spare, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return FileChannel.open(
          path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ONLY_OWNER);
    }
    // For reading too: even a pipe in its place is then opened at once.
    return FileChannel.open(
        path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
  }

  /** Keeps a file that is done with, instead of the last one under this name. */
  void keep(Path path, long bytes, Path spare) {
    if (bytes > MOST_BYTES) {
      delete(path);
      return;
    }
    try {
      Files.move(path, spare, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      log.trace("{} has gone with its folder", path, e);
      return;
    } catch (IOException e) {
      log.debug("Cannot keep {}", path, e);
      delete(path);
      return;
    }
    lastKeptNs = System.nanoTime();
    kept.add(spare);
    trimLater();
  }

  private void trimLater() {
    if (willTrim.compareAndSet(false, true)) {
      CompletableFuture.delayedExecutor(KEPT_NS, TimeUnit.NANOSECONDS, Runnable::run)
          .execute(this::trim);
    }
  }

  /** Who keeps a file after the look at the time sees that another trim is needed. */
  private void trim() {
    willTrim.set(false);
    if (System.nanoTime() - lastKeptNs < KEPT_NS) {
      trimLater();
      return;
    }
    for (Path spare : List.copyOf(kept)) {
      kept.remove(spare); // before it is deleted: one that comes afterwards is in the set again
      delete(spare);
    }
  }

  /** Deletes a file, if it is there. */
  static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.warn("Cannot delete {}; it goes with its folder", path, e);
    }
  }
}
