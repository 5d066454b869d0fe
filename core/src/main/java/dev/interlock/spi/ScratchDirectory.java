// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for files that must not outlive this process, below a base directory shared by all
 * processes of a user.
 *
 * <p>The folder holds a file {@code lock} on which the process keeps an operating-system lock while
 * it lives. The kernel drops the lock with the process, however that ends, so whoever gets the lock
 * of another process's folder knows that its owner is dead and deletes the folder: that is what
 * each new {@code ScratchDirectory} does first. Process ids would not do: two containers that share
 * a directory have ids of their own.
 *
 * <p>An ordinary end of the process, Ctrl-C included, deletes the folder by a shutdown hook.
 *
 * <p>Races: a folder is in use once its owner has locked the file that the name {@code lock} leads
 * to. An owner that loses the race to a sweeping process between creating and locking starts again
 * under another name. A sweeping process deletes the lock file last.
 *
 * <p>Thread-safe. Blocks only on the file system; a pending interrupt is put aside meanwhile and
 * kept.
 */
public final class ScratchDirectory implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ScratchDirectory.class);
  private static final String LOCK_NAME = "lock";
  private static final int ATTEMPTS = 100;

  /** Process id, when the process started, and a random part. */
  private static final Pattern FOLDER_NAME = Pattern.compile("\\d+-\\d+-[0-9a-z]+");

  /**
   * Begins the names of all folders of this process. They are never looked into when sweeping:
   * closing any channel to a lock file would drop the lock of this process.
   */
  private static final String OWN_PREFIX = ownPrefix();

  private static final FileAttribute<?> ONLY_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path folder;
  private final FileChannel lock;
  private final Closeable contents;
  private final Thread hook;
  private final AtomicBoolean closed = new AtomicBoolean();

  private ScratchDirectory(Claim claim, Closeable contents) {
    this.folder = claim.folder();
    this.lock = claim.lock();
    this.contents = contents;
    this.hook = new Thread(this::closeAtExit, "interlock-scratch-exit");
  }

  /**
   * Sweeps what dead processes left in the base directory and creates a folder of this one.
   *
   * @param base an existing directory that this process may write to
   * @param contents closed before the folder is deleted
   * @throws IOException if the directory is missing or not writable, or cannot lock files
   */
  public static ScratchDirectory create(Path base, Closeable contents) throws IOException {
    checkBase(base);
    boolean interrupted = Thread.interrupted();
    try {
      sweep(base);
      ScratchDirectory directory = new ScratchDirectory(claim(base), contents);
      Runtime.getRuntime().addShutdownHook(directory.hook);
      return directory;
    } finally {
      restore(interrupted);
    }
  }

  /** {@link #create(Path, Closeable)} in {@link #defaultBase}, with nothing to close. */
  public static ScratchDirectory create() throws IOException {
    return create(defaultBase(), () -> {});
  }

  /**
   * Sweeps what dead processes left in {@link #defaultBase}, for a strategy that opens an executor
   * without a folder of its own.
   *
   * @throws IOException as {@link #create()}
   */
  public static void sweep() throws IOException {
    sweep(defaultBase());
  }

  /**
   * The default base directory, created if need be: {@code interlock-<user>} in {@code
   * java.io.tmpdir}, closed to other users.
   *
   * @throws IOException if it cannot be created, or the name is taken by a link, or by somebody
   *     else's directory
   */
  public static Path defaultBase() throws IOException {
    return defaultBase(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** The same in another directory for temporary files, such as {@code /dev/shm}. */
  public static Path defaultBase(Path temporary) throws IOException {
    String user = System.getProperty("user.name", "unknown").replaceAll("[^A-Za-z0-9._-]", "_");
    Path base = temporary.resolve("interlock-" + user);
    if (!Files.exists(base, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Files.createDirectory(base, ONLY_OWNER);
      } catch (FileAlreadyExistsException e) {
        log.debug("{} was created by another process just now", base);
      } catch (IOException e) {
        throw new IOException(
            "Cannot create the directory "
                + base
                + ". Make "
                + temporary
                + " writable, or set -Djava.io.tmpdir to another directory.",
            e);
      }
    }
    boolean privateDirectory =
        Files.isDirectory(base, LinkOption.NOFOLLOW_LINKS)
            && PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(base, LinkOption.NOFOLLOW_LINKS))
                .endsWith("------");
    if (!privateDirectory) {
      throw new IOException(
          base
              + " must be a directory that only its owner may enter (chmod 700). Remove it, or set"
              + " -Djava.io.tmpdir to another directory.");
    }
    return base;
  }

  /** The folder; only its owner may enter it. */
  public Path folder() {
    return folder;
  }

  /** Whether {@link #close} was called, or the JVM shuts down. */
  public boolean isClosed() {
    return closed.get();
  }

  /**
   * Closes the contents and deletes the folder. Closing twice does nothing more.
   *
   * @throws IOException if the contents could not be closed, or a file could not be deleted
   */
  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      removeHook();
      release();
    }
  }

  @Override
  public String toString() {
    return "ScratchDirectory[" + folder + "]";
  }

  private void closeAtExit() {
    if (closed.compareAndSet(false, true)) {
      try {
        release();
      } catch (IOException e) {
        log.warn("Cannot delete {}; the next process to use the directory will", folder, e);
      }
    }
  }

  private void release() throws IOException {
    boolean interrupted = Thread.interrupted();
    try (lock) {
      try {
        contents.close();
      } finally {
        deleteFolder(folder);
      }
    } finally {
      restore(interrupted);
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      log.trace("The JVM is shutting down; the hook finds nothing to do", e);
    }
  }

  private static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void checkBase(Path base) throws IOException {
    if (!Files.isDirectory(base)) {
      throw new IOException(
          "The base directory " + base + " is not an existing directory. Create it.");
    }
    if (!Files.isWritable(base)) {
      throw new IOException(
          "The base directory "
              + base
              + " is not writable for user "
              + System.getProperty("user.name")
              + ". Change its permissions, or configure another.");
    }
  }

  private record Claim(Path folder, FileChannel lock) {}

  private static Claim claim(Path base) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      String suffix = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
      Path folder = base.resolve(OWN_PREFIX + suffix);
      Files.createDirectory(folder, ONLY_OWNER);
      FileChannel lock = lockNew(folder.resolve(LOCK_NAME));
      if (lock != null) {
        return new Claim(folder, lock);
      }
    }
    throw new IOException(
        "Other processes deleted each new folder in " + base + " as soon as it was there.");
  }

  /** Null if a sweeping process was faster. */
  @SuppressWarnings("MustBeClosedChecker") // open as long as the folder is in use
  private static @Nullable FileChannel lockNew(Path file) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      return null;
    }
    try {
      if (channel.tryLock() != null && Files.exists(file)) {
        return channel;
      }
    } catch (IOException e) {
      channel.close();
      throw new IOException(
          "Cannot lock " + file + ". It must be on a file system that has file locks.", e);
    }
    channel.close();
    return null;
  }

  private static void sweep(Path base) throws IOException {
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(base, ScratchDirectory::ofAnotherProcess)) {
      for (Path folder : folders) {
        try {
          sweepFolder(folder);
        } catch (IOException e) {
          log.warn("Cannot sweep {}, which a dead process left", folder, e);
        }
      }
    }
  }

  private static boolean ofAnotherProcess(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return FOLDER_NAME.matcher(name).matches()
        && !name.startsWith(OWN_PREFIX)
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
  }

  private static void sweepFolder(Path folder) throws IOException {
    try (FileChannel channel =
            FileChannel.open(folder.resolve(LOCK_NAME), StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        deleteFolder(folder);
      }
    } catch (OverlappingFileLockException e) {
      log.debug("{} belongs to this process", folder, e);
    } catch (NoSuchFileException e) {
      deleteUnlessInUse(folder);
    }
  }

  /** Its owner is about to create the lock file, and then starts again, or died before it did. */
  private static void deleteUnlessInUse(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (FileSystemException e) {
      log.debug("{} is not one of ours, or in use", folder, e);
    } catch (IOException e) {
      log.warn("Cannot delete the empty folder {}", folder, e);
    }
  }

  /** All but the lock, then the lock, then the folder. */
  private static void deleteFolder(Path folder) throws IOException {
    try (DirectoryStream<Path> children =
        Files.newDirectoryStream(folder, child -> !child.endsWith(LOCK_NAME))) {
      for (Path child : children) {
        FileTree.delete(child);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(folder.resolve(LOCK_NAME));
    Files.deleteIfExists(folder);
  }

  private static String ownPrefix() {
    ProcessHandle self = ProcessHandle.current();
    long startedMs = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return self.pid() + "-" + startedMs + "-";
  }
}
