// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    return directory.resolve("file-" + key);
  }

  private Path spare() {
    return directory.resolve("spare");
  }

  private SideFile file(long mostBytes) {
    return new SideFile(() -> path(KEY), spare(), KEY, mostBytes, room);
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
    SideFile file = new SideFile(() -> directory.resolve("none/file"), spare(), KEY, 1 << 20, room);
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
    first.keep(spares);
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
