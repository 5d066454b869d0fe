// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where archives are kept. A JVM trusts what is in an archive as it trusts its own classes, so the
 * directory must belong to this user, and nobody else may write there.
 */
final class CacheDirectory {
  private static final String NAME = "interlock";

  private static final FileAttribute<?> ONLY_OWNER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private CacheDirectory() {}

  /**
   * The directory, created if need be.
   *
   * @param configured where it must be; null for the user's cache, or where that cannot be written,
   *     the directory for temporary files
   * @throws IOException if it cannot be created, or others may write there
   */
  static Path open(@Nullable Path configured) throws IOException {
    if (configured != null) {
      return checked(configured);
    }
    Path ofUser = ofUser();
    if (canBeWritten(ofUser)) {
      return checked(ofUser);
    }
    return checked(ScratchDirectory.defaultBase().resolve("cache"));
  }

  /** After the XDG base directory specification, which wants relative paths ignored. */
  private static Path ofUser() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache != null && Path.of(cache).isAbsolute()
            ? Path.of(cache)
            : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve(NAME);
  }

  /** Whether it, or the nearest directory above it, can be written. */
  private static boolean canBeWritten(Path directory) {
    Path existing = directory;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    return existing != null && Files.isDirectory(existing) && Files.isWritable(existing);
  }

  private static Path checked(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(directory, ONLY_OWNER);
    }
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(directory + " is not a directory.");
    }
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new IOException(
          "Others than its owner may write to " + directory + ". Make it private: chmod 700.");
    }
    if (!isOwn(directory)) {
      throw new IOException(
          directory + " belongs to another user. Set interlock.process-pool.cache-directory.");
    }
    return directory;
  }

  private static boolean isOwn(Path directory) throws IOException {
    Path self = Path.of("/proc/self");
    if (Files.exists(self)) {
      return Files.getAttribute(directory, "unix:uid").equals(Files.getAttribute(self, "unix:uid"));
    }
    return Files.getOwner(directory).getName().equals(System.getProperty("user.name"));
  }
}
