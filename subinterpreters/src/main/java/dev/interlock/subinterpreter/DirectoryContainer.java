// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** A directory of class files and resources. It is looked into each time: it may change. */
final class DirectoryContainer implements ClassContainer {
  private final Path directory;
  private final CodeSource source;

  DirectoryContainer(Path directory) throws IOException {
    this.directory = directory;
    this.source = new CodeSource(directory.toUri().toURL(), (CodeSigner[]) null);
  }

  @Override
  public @Nullable URL url(String name) {
    Path file = find(name);
    try {
      return file == null ? null : file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public @Nullable InputStream open(String name) throws IOException {
    Path file = find(name);
    return file == null || Files.isDirectory(file) ? null : new FileInputStream(file.toFile());
  }

  @Override
  public @Nullable ClassFile read(String name) throws IOException {
    try (InputStream content = open(name)) {
      return content == null ? null : new ClassFile(content.readAllBytes(), source, null);
    }
  }

  /** Names that lead out of the directory lead nowhere. */
  private @Nullable Path find(String name) {
    try {
      Path file = directory.resolve(name.startsWith("/") ? "." + name : name).normalize();
      return file.startsWith(directory) && Files.exists(file) ? file : null;
    } catch (InvalidPathException e) {
      return null;
    }
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return directory.toString();
  }
}
