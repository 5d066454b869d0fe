// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** A jar, open as long as this is; of a multi-release jar, the release for this JVM. */
final class JarContainer implements ClassContainer {
  private final JarFile jar;
  private final URL root;
  private final @Nullable Manifest manifest;

  /**
   * Opens the jar.
   *
   * @throws java.util.zip.ZipException if it is no jar
   */
  JarContainer(Path file) throws IOException {
    root = file.toUri().toURL();
    jar = new JarFile(file.toFile(), true, ZipFile.OPEN_READ, JarFile.runtimeVersion());
    try {
      manifest = jar.getManifest();
    } catch (IOException | RuntimeException e) {
      jar.close();
      throw e;
    }
  }

  @Override
  public @Nullable URL url(String name) {
    JarEntry entry = jar.getJarEntry(name);
    if (entry == null) {
      return null;
    }
    try {
      String path = new URI(null, null, "/" + entry.getRealName(), null).getRawPath();
      return new URL("jar", "", root + "!" + path);
    } catch (URISyntaxException | MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public @Nullable InputStream open(String name) throws IOException {
    JarEntry entry = jar.getJarEntry(name);
    return entry == null ? null : jar.getInputStream(entry);
  }

  @Override
  public @Nullable ClassFile read(String name) throws IOException {
    JarEntry entry = jar.getJarEntry(name);
    if (entry == null) {
      return null;
    }
    byte[] bytes;
    try (InputStream content = jar.getInputStream(entry)) {
      bytes = content.readAllBytes();
    }
    // The signers are known once the entry was read to its end.
    return new ClassFile(bytes, new CodeSource(root, entry.getCodeSigners()), manifest);
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }

  @Override
  public String toString() {
    return jar.getName();
  }
}
