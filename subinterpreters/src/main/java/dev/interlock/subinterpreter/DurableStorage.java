// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.spi.FileTree;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A directory of one log that outlives the process.
 *
 * <pre>
 *   put.lock, get.lock   locked by the process that has this end; the kernel drops a dead one's
 *   opening              locked while an end is opened
 *   state                LogCounters, mapped: what was appended, and what was taken
 *   log/                 cycle files and Chronicle's table
 * </pre>
 *
 * <p><b>After a crash</b> the counters may lack the last message: it was written, but not counted.
 * Who opens the putting end looks into the last files ({@link CycleScan}), counts what is whole and
 * cuts off what is not. A process that opens only the getting end does so too, if nobody has the
 * putting end.
 *
 * <p>A process that has the directory for itself makes Chronicle's table anew: the old one may hold
 * a lock of the dead.
 *
 * <p>Mapped pages belong to the kernel: they survive the process, not the machine. The lock files
 * stay open as long as an end is: closing any channel to a locked file drops the lock, so nobody in
 * this process opens one that {@link #OPEN_HERE} names.
 */
final class DurableStorage implements LogStorage {
  private static final String PUT_LOCK = "put.lock";
  private static final String GET_LOCK = "get.lock";
  private static final int FORMAT = 0x494c5131; // "ILQ1"

  /** Lock files that this process has locked; guarded by the class. */
  private static final Set<Path> OPEN_HERE = new HashSet<>();

  private static final FileAttribute<?> ONLY_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path home;
  private final QueueEnds ends;
  private final List<End> locked = new ArrayList<>();
  private final LogCounters counters;
  private int firstCycle;

  /** Whether there was no queue before. */
  private final boolean fresh;

  private volatile boolean deleting;

  /** One end, locked. */
  private record End(Path file, FileChannel channel) {}

  /**
   * Opens or creates the storage.
   *
   * @param home its directory; its parent exists
   * @throws QueueInUseException if an end is open already, here or in another process
   * @throws IOException if a file cannot be had
   */
  DurableStorage(Path home, QueueEnds ends) throws IOException {
    this.home = home;
    this.ends = ends;
    fresh = !Files.isDirectory(home);
    if (fresh) {
      Files.createDirectory(home, ONLY_OWNER);
    }
    synchronized (DurableStorage.class) {
      try (FileChannel opening = openLockFile(home.resolve("opening"))) {
        FileLock lock = opening.lock();
        counters = open();
        lock.release();
      } catch (IOException | RuntimeException | Error e) {
        try {
          discard();
        } catch (IOException suppressed) {
          e.addSuppressed(suppressed);
        }
        throw e;
      }
    }
  }

  private LogCounters open() throws IOException {
    if (ends.puts()) {
      locked.add(lock(PUT_LOCK, "puts items into"));
    }
    if (ends.gets()) {
      locked.add(lock(GET_LOCK, "gets items from"));
    }
    End other = ends == QueueEnds.BOTH ? null : tryLock(ends.puts() ? GET_LOCK : PUT_LOCK);
    try {
      LogCounters opened = new LogCounters(mapState());
      Files.createDirectories(directory());
      CycleFiles files = new CycleFiles(directory());
      if (ends == QueueEnds.BOTH || other != null) {
        files.deleteMetadata();
      }
      if (!files.hasMetadata()) {
        files.createMetadata();
      }
      if (ends.puts() || other != null) {
        files.deleteUnentered();
        recover(files, opened);
      }
      List<Integer> cycles = files.cycles();
      firstCycle = cycles.isEmpty() ? 0 : cycles.get(cycles.size() - 1) + 1;
      if (ends == QueueEnds.BOTH || other != null) {
        opened.freed(opened.read());
      }
      return opened;
    } finally {
      if (other != null) {
        unlock(other);
      }
    }
  }

  /** Counts what is whole in the last two files: a writer may die between them. */
  private static void recover(CycleFiles files, LogCounters counters) throws IOException {
    List<Integer> cycles = files.cycles();
    long messages = counters.appended();
    for (int cycle : cycles.subList(Math.max(0, cycles.size() - 2), cycles.size())) {
      messages = Math.max(messages, CycleScan.end(files.file(cycle)));
    }
    counters.appended(messages);
  }

  private MappedByteBuffer mapState() throws IOException {
    Path file = home.resolve("state");
    if (!Files.exists(file)) {
      Path fresh = home.resolve("state.new");
      CycleFiles.writeZeros(fresh, LogCounters.BYTES);
      try (RandomAccessFile out = new RandomAccessFile(fresh.toFile(), "rw")) {
        out.writeInt(FORMAT);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer memory =
          channel.size() == LogCounters.BYTES
              ? channel.map(FileChannel.MapMode.READ_WRITE, 0, LogCounters.BYTES)
              : null;
      if (memory == null || memory.getInt(0) != FORMAT) {
        throw new IOException(
            file + " is not the state of a queue of this version. Choose another name.");
      }
      return memory;
    }
  }

  private End lock(String name, String does) throws IOException {
    End end = tryLock(name);
    if (end == null) {
      throw new QueueInUseException(
          "Somebody else "
              + does
              + " the queue "
              + home
              + " already: "
              + (OPEN_HERE.contains(home.toRealPath().resolve(name))
                  ? "this process. Use that InterpreterQueue, or close it first."
                  : "another process, which must close it first.")
              + " Each end of a durable queue belongs to one at a time.");
    }
    return end;
  }

  /** Null if somebody else has it. Under the lock of the class. */
  @SuppressWarnings("MustBeClosedChecker") // open as long as the end is
  private @Nullable End tryLock(String name) throws IOException {
    Path file = home.toRealPath().resolve(name);
    if (OPEN_HERE.contains(file)) {
      return null;
    }
    FileChannel channel = openLockFile(file);
    boolean held = false;
    try {
      held = channel.tryLock() != null;
    } finally {
      if (!held) {
        channel.close();
      }
    }
    if (!held) {
      return null;
    }
    OPEN_HERE.add(file);
    return new End(file, channel);
  }

  @SuppressWarnings("MustBeClosedChecker") // the callers close it
  private static FileChannel openLockFile(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static synchronized void unlock(End end) throws IOException {
    OPEN_HERE.remove(end.file);
    end.channel.close();
  }

  @Override
  public Path directory() {
    return home.resolve("log");
  }

  @Override
  public LogCounters counters() {
    return counters;
  }

  @Override
  public int firstCycle() {
    return firstCycle;
  }

  @Override
  public QueueEnds ends() {
    return ends;
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  /** The files go with the release, for which this process must have both ends. */
  void deleteOnRelease() {
    deleting = true;
  }

  @Override
  public void discard() throws IOException {
    deleting = fresh && locked.size() == 2; // nobody else can have begun to use it
    release();
  }

  @Override
  public void release() throws IOException {
    try {
      if (deleting) {
        FileTree.delete(home);
      }
    } finally {
      for (End end : locked) {
        unlock(end);
      }
    }
  }
}
