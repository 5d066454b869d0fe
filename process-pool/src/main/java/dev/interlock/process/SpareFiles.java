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
import org.jspecify.annotations.Nullable;
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

  /** Opens a new file to write to. */
  static FileChannel create(Path path) throws IOException {
    return FileChannel.open(
        path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ONLY_OWNER);
  }

  /** Opens the spare under another name, to write to it; null if there is none. */
  static @Nullable FileChannel reuse(Path spare, Path path) throws IOException {
    try {
      Files.move(spare, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return null;
    }
    return openExisting(path);
  }

  /** For reading too: even a pipe in its place is then opened at once. */
  private static FileChannel openExisting(Path path) throws IOException {
    return FileChannel.open(
        path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
  }

  /** Keeps a file that is done with, instead of the last one under this name. */
  void keep(Path path, long bytes, Path spare) {
    if (bytes > MOST_BYTES) {
      empty(path);
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
      deleteSpare(spare);
    }
  }

  /** Under another name first: a child that takes it at this moment has it, or finds none. */
  private static void deleteSpare(Path spare) {
    Path old = spare.resolveSibling(spare.getFileName() + "-old");
    try {
      Files.move(spare, old, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      log.trace("{} was taken", spare, e);
      return;
    } catch (IOException e) {
      log.debug("Cannot rename {}", spare, e);
      return;
    }
    empty(old);
    delete(old);
  }

  /** A child may have it mapped, and would hold its memory; but no other file is cut off. */
  private static void empty(Path path) {
    try {
      if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          && Files.getAttribute(path, "unix:nlink", LinkOption.NOFOLLOW_LINKS).equals(1)) {
        try (FileChannel file = openExisting(path)) {
          file.truncate(0);
        }
      }
    } catch (IOException e) {
      log.debug("{} is not emptied", path, e);
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
