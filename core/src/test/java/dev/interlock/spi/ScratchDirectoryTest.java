// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {
  @TempDir Path temporary;

  @Test
  void theDefaultBaseIsADirectoryOfThisUserOnly() throws Exception {
    Path created = ScratchDirectory.defaultBase(temporary);
    assertThat(created).hasParent(temporary).isEmptyDirectory();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(created)))
        .isEqualTo("rwx------");
    assertThat(ScratchDirectory.defaultBase(temporary)).isEqualTo(created);

    Files.setPosixFilePermissions(created, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> ScratchDirectory.defaultBase(temporary))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("chmod 700");

    Files.delete(created);
    Files.createSymbolicLink(created, Files.createDirectory(temporary.resolve("elsewhere")));
    assertThatThrownBy(() -> ScratchDirectory.defaultBase(temporary))
        .isInstanceOf(IOException.class);
  }

  @Test
  void closingDeletesTheFolderEvenIfItsContentsCannotBeClosed() throws Exception {
    ScratchDirectory directory =
        ScratchDirectory.create(
            temporary,
            () -> {
              throw new IOException("stuck");
            });
    Files.createFile(directory.folder().resolve("file"));
    assertThatThrownBy(directory::close).hasMessage("stuck");
    assertThat(temporary).isEmptyDirectory();
    directory.close();
  }
}
