// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archives in a cache directory, and the one among them that fits the children of one command.
 *
 * <p>A name is the archive's key and its size: JDK 17 dies on an archive that is cut short, so a
 * file of another size is not used but deleted. The key is a digest of everything that must be
 * equal for the archive to fit: the JVM's files, the form of the children's arguments, and the
 * library's jars, each with size and time of change. The time of change of an archive says when it
 * was last used, to the day. Thread-safe: files appear by renaming and are not changed.
 */
final class ArchiveStore {
  private static final Logger log = LoggerFactory.getLogger(ArchiveStore.class);
  private static final Duration TOUCHED_EACH = Duration.ofDays(1);
  private static final Duration KEPT_UNUSED = Duration.ofDays(30);
  private static final int KEY_BYTES = 16;

  /** What a JDK is made of, as far as an archive depends on it. */
  private static final List<String> JDK_FILES =
      List.of("release", "lib/modules", "lib/server/libjvm.so", "lib/server/classes.jsa");

  private static final Pattern NAME = Pattern.compile("[0-9a-f]{32}-\\d+\\.(?:jsa|aot)");

  private final Path directory;
  private final String key;
  private final String extension;

  ArchiveStore(Path directory, String key, ArchiveForm form) {
    this.directory = directory;
    this.key = key;
    this.extension = "." + form.extension();
  }

  /** The key of the archives that fit these children. */
  static String keyOf(JavaHome java, ArchiveForm form, ChildArguments arguments)
      throws IOException {
    List<String> parts = new ArrayList<>();
    parts.add(form.name());
    for (String file : JDK_FILES) {
      parts.add(stamp(java.directory().resolve(file)));
    }
    parts.addAll(arguments.form());
    for (String jar : arguments.classPath().library()) {
      parts.add(stamp(Path.of(jar)));
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String stamp(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return file + " " + attributes.size() + " " + attributes.lastModifiedTime().toMillis();
    } catch (NoSuchFileException e) {
      return file + " is missing";
    }
  }

  Path directory() {
    return directory;
  }

  String key() {
    return key;
  }

  /** The archive, if it is there and whole. */
  @Nullable Path find() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, key + "-*")) {
      for (Path file : files) {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (file.endsWith(name(attributes.size())) && attributes.isRegularFile()) {
          touch(file, attributes);
          return file;
        }
        log.info("The archive {} was changed and is not used", file);
        Files.deleteIfExists(file);
      }
    }
    return null;
  }

  private static void touch(Path file, BasicFileAttributes attributes) throws IOException {
    Instant now = Instant.now();
    if (attributes.lastModifiedTime().toInstant().plus(TOUCHED_EACH).isBefore(now)) {
      Files.setLastModifiedTime(file, FileTime.from(now));
    }
  }

  /** Takes in an archive that was made in this directory's file system. */
  void add(Path made) throws IOException {
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
    Files.move(made, directory.resolve(name(Files.size(made))), StandardCopyOption.ATOMIC_MOVE);
  }

  private String name(long size) {
    return key + "-" + size + extension;
  }

  /** Deletes the archives that nobody has used for long. */
  void deleteUnused() throws IOException {
    Instant limit = Instant.now().minus(KEPT_UNUSED);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            directory, file -> NAME.matcher(String.valueOf(file.getFileName())).matches())) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
          Files.deleteIfExists(file);
        }
      }
    }
  }
}
