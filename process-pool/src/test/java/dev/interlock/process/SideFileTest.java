// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.interlock.codec.BufferSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files beside frames, and what a hostile child may put in their place. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SideFileTest {
  private static final int BYTES = 300 << 10;
  private static final long KEY = 77;

  @TempDir Path directory;

  private final SideRoom room = new SideRoom(1L << 30);
  private final byte[] content = new byte[BYTES];
  private final List<Path> deleted = new ArrayList<>();

  private Path path(long key) {
    return SideFolder.outcomeFile(directory.resolve("file").toString(), key);
  }

  private Path spare() {
    return SideFolder.spareFile(directory.resolve("file"));
  }

  private SideFile file(long mostBytes) {
    return file(new OutcomeFiles(directory.resolve("file").toString()), mostBytes);
  }

  private SideFile file(OutcomeFiles files, long mostBytes) {
    return new SideFile(files.of(KEY), mostBytes, room);
  }

  private long write(SideFile file) {
    new Random(1).nextBytes(content);
    return file.store(BYTES, (at, part) -> part.put(content, (int) at, part.remaining()));
  }

  private SideReader reader(long mostBytes) {
    return SideReader.ofChild(this::path, KEY, mostBytes, (path, bytes) -> deleted.add(path));
  }

  private byte[] read(SideReader reader, long offset) throws IOException {
    byte[] back = new byte[BYTES];
    reader.load(KEY, offset, BYTES, (at, part) -> part.get(back, (int) at, part.remaining()));
    return back;
  }

  @Test
  void buffersComeBackAndOnlyTheOwnerMayReadThem() throws IOException {
    SideFile file = file(1 << 20);
    assertThat(write(file)).isZero();
    assertThat(write(file)).isEqualTo(BYTES);
    file.end(true);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path(KEY))))
        .isEqualTo("rw-------");
    SideReader reader = reader(1 << 20);
    assertThat(reader.sizeBytes(KEY)).isEqualTo(2 * BYTES);
    assertThat(read(reader, BYTES)).isEqualTo(content);
    reader.end(true);
    assertThat(deleted).containsExactly(path(KEY));
    file.delete();
    assertThat(path(KEY)).doesNotExist();
  }

  @Test
  void whatIsSmallOrTooMuchIsRefusedAndWhatIsNotNeededIsDeleted() throws IOException {
    SideFile file = file(2 * BYTES - 1);
    assertThat(file.store(SideFile.LEAST_BYTES - 1, (at, part) -> {})).isEqualTo(SideFile.REFUSED);
    assertThat(path(KEY)).doesNotExist();
    assertThat(write(file)).isZero();
    assertThat(write(file)).isEqualTo(SideFile.REFUSED);
    file.end(false);
    assertThat(path(KEY)).doesNotExist();
    assertThat(room.take(1L << 30)).isTrue();
    assertThat(write(file(1 << 20))).isEqualTo(SideFile.REFUSED);
  }

  @Test
  void aFolderThatTakesNoFileIsARefusal() {
    SideFile file = file(new OutcomeFiles(directory.resolve("none/file").toString()), 1 << 20);
    assertThat(write(file)).isEqualTo(SideFile.REFUSED);
    file.end(false);
    assertThat(room.take(1L << 30)).isTrue();
  }

  @Test
  void aLinkInPlaceOfTheSpareIsNotFollowed() throws IOException {
    Path other = Files.createFile(directory.resolve("other"));
    Files.createSymbolicLink(spare(), other);
    SideFile file = file(1 << 20);
    assertThat(write(file)).isEqualTo(SideFile.REFUSED);
    file.end(false);
    assertThat(other).isEmptyFile();
  }

  @Test
  void aSpareIsUsedAgainAndItsOldContentIsNotSeen() throws Exception {
    SideFile first = file(1 << 20);
    write(first);
    write(first);
    first.end(true);
    SpareFiles spares = new SpareFiles();
    spares.keep(path(KEY), 2 * BYTES, spare());
    assertThat(path(KEY)).doesNotExist();
    Object inode = Files.getAttribute(spare(), "unix:ino");
    SideFile second = file(1 << 20);
    assertThat(write(second)).isZero();
    second.end(true);
    assertThat(spare()).doesNotExist();
    assertThat(Files.getAttribute(path(KEY), "unix:ino")).isEqualTo(inode);
    SideReader reader = reader(BYTES + 1);
    assertThat(reader.sizeBytes(KEY)).isEqualTo(BYTES + 1);
    assertThat(read(reader, 0)).isEqualTo(content);
    reader.end(true);
  }

  /** From the third time on the child writes to the memory of the file, as far as there is some. */
  @Test
  void aFileThatComesBackAgainAndAgainIsMappedByTheChild() throws Exception {
    Path memory = Path.of("/dev/shm");
    assumeThat(memory).isDirectory();
    Path folder = Files.createTempDirectory(memory, "interlock-test-");
    try {
      String prefix = folder.resolve("worker").toString();
      OutcomeFiles files = new OutcomeFiles(prefix);
      SpareFiles spares = new SpareFiles();
      Random random = new Random(2);
      for (int round = 1; round <= 6; round++) {
        byte[] sent = new byte[round == 5 ? 5 * BYTES : BYTES + round];
        random.nextBytes(sent);
        SideFile file = new SideFile(files.of(round), 1 << 30, room);
        assertThat(file.store(BYTES, (at, part) -> part.put(content, (int) at, part.remaining())))
            .isZero();
        assertThat(
                file.store(sent.length, (at, part) -> part.put(sent, (int) at, part.remaining())))
            .isEqualTo(BYTES);
        file.end(true);
        SideReader reader =
            SideReader.ofChild(
                key -> SideFolder.outcomeFile(prefix, key),
                round,
                1 << 30,
                (path, bytes) -> spares.keep(path, bytes, SideFolder.spareFile(Path.of(prefix))));
        byte[] back = new byte[sent.length];
        reader.load(
            round, BYTES, back.length, (at, part) -> part.get(back, (int) at, part.remaining()));
        reader.end(true);
        assertThat(Arrays.equals(back, sent)).isTrue();
        assertThat(isMapped(folder)).isEqualTo(round >= 3);
      }
      await().until(() -> isEmpty(folder));
    } finally {
      Files.delete(folder);
    }
  }

  /** The reader maps what comes for the second time; what is appended later is not missed. */
  @Test
  void aTaskFileKeepsItsNameAndIsMappedByTheChild() throws Exception {
    LongFunction<Path> place = key -> SideFolder.taskFile(directory, key);
    TaskFiles files = new TaskFiles(place);
    TaskMemory memory = new TaskMemory(place);
    Random random = new Random(3);
    long firstKey = 0;
    for (int round = 1; round <= 5; round++) {
      byte[] sent = new byte[round == 4 ? 3 * BYTES : BYTES];
      random.nextBytes(sent);
      SideFile file = new SideFile(files, 1 << 30, room);
      assertThat(file.store(sent.length, (at, part) -> part.put(sent, (int) at, part.remaining())))
          .isZero();
      file.end(true);
      firstKey = round == 1 ? file.key() : firstKey;
      assertThat(file.key()).isEqualTo(firstKey);
      BufferSource source = memory.source();
      assertThat(source.sizeBytes(firstKey)).isGreaterThanOrEqualTo(sent.length);
      byte[] back = new byte[sent.length];
      source.load(
          firstKey, 0, back.length, (at, part) -> part.get(back, (int) at, part.remaining()));
      source.end(true);
      assertThat(Arrays.equals(back, sent)).isTrue();
      assertThat(isMapped(directory)).isEqualTo(round >= 2);
      file.release();
    }
    assertThat(room.take(1L << 30)).isTrue();
    await().until(() -> isEmpty(directory));
  }

  @Test
  void noMoreTaskFilesAreKeptThanStatedAndNoneAfterTheEnd() throws Exception {
    TaskFiles files = new TaskFiles(key -> SideFolder.taskFile(directory, key));
    List<SideFile> made = new ArrayList<>();
    for (int i = 0; i < TaskFiles.MOST_KEPT + 3; i++) {
      SideFile file = new SideFile(files, 1 << 30, room);
      write(file);
      file.end(true);
      made.add(file);
    }
    SideFile last = made.remove(0);
    made.forEach(SideFile::release);
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left.count()).isEqualTo(TaskFiles.MOST_KEPT + 1);
    }
    files.close();
    last.release();
    assertThat(isEmpty(directory)).isTrue();
  }

  private static boolean isMapped(Path folder) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.anyMatch(line -> line.contains(folder.toString()));
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty();
    }
  }

  /** A child could put a further name of somebody's file there: nobody empties it. */
  @Test
  void aFurtherNameOfAnotherFileIsNotEmptied() throws IOException {
    Path other = Files.write(directory.resolve("other"), content);
    Files.createLink(path(KEY), other);
    new SpareFiles().keep(path(KEY), Long.MAX_VALUE, spare());
    assertThat(path(KEY)).doesNotExist();
    assertThat(other).hasBinaryContent(content);
  }

  @Test
  void aNameThatIsNotItsOwnIsRefused() throws IOException {
    SideFile file = file(1 << 20);
    write(file);
    file.end(true);
    for (long key : new long[] {0, -1, KEY + 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
      assertThatThrownBy(() -> reader(1 << 20).sizeBytes(key)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void nothingButARegularFileIsRead() throws Exception {
    Path other = directory.resolve("other");
    Files.write(other, content);
    List<Place> places =
        List.of(
            () -> Files.createSymbolicLink(path(KEY), other),
            () -> Files.createDirectory(path(KEY)),
            () -> new ProcessBuilder("mkfifo", path(KEY).toString()).start().waitFor(),
            () -> Files.createSymbolicLink(path(KEY), Path.of("/dev/zero")),
            () -> {});
    for (Place place : places) {
      place.make();
      SideReader reader = reader(1 << 20);
      assertThatThrownBy(() -> reader.sizeBytes(KEY)).isInstanceOf(IOException.class);
      reader.end(true);
      Files.deleteIfExists(path(KEY));
    }
    assertThat(other).hasBinaryContent(content);
  }

  private interface Place {
    void make() throws Exception;
  }

  @Test
  void aFileThatIsCutOffMeanwhileIsAFailure() throws IOException {
    SideFile file = file(1 << 20);
    write(file);
    file.end(true);
    SideReader reader = reader(1 << 20);
    assertThat(reader.sizeBytes(KEY)).isEqualTo(BYTES);
    try (FileChannel child = FileChannel.open(path(KEY), StandardOpenOption.WRITE)) {
      child.truncate(BYTES / 2);
    }
    assertThatThrownBy(() -> read(reader, 0)).isInstanceOf(EOFException.class);
    reader.end(true);
  }

  @Test
  void anInterruptWhileTwoThreadsReadNeitherSpoilsNorGetsLost() throws Exception {
    byte[] large = new byte[16 << 20];
    new Random(2).nextBytes(large);
    SideFile file = new SideFile(new TaskFiles(this::path), Long.MAX_VALUE, room);
    file.store(large.length, (at, part) -> part.put(large, (int) at, part.remaining()));
    byte[] back = new byte[large.length];
    Thread reading = Thread.currentThread();
    try (SideReader reader = SideReader.ofParent(this::path)) {
      reader.load(
          file.key(),
          0,
          large.length,
          (at, part) -> {
            part.get(back, (int) at, part.remaining());
            if (at % (1 << 20) == 0) {
              reading.interrupt();
            }
          });
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(back).isEqualTo(large);
    file.delete();
  }

  @Test
  void aPendingInterruptNeitherSpoilsNorGetsLost() throws IOException {
    SideFile file = file(1 << 20);
    write(file);
    file.end(true);
    SideReader reader = reader(1 << 20);
    Thread.currentThread().interrupt();
    byte[] back = read(reader, 0);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(Arrays.equals(back, content)).isTrue();
    reader.end(true);
  }
}
