// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Java that children run on.
 *
 * @param directory its home
 * @param feature its version: 17, 25
 */
record JavaHome(Path directory, int feature) {
  /** The oldest version that can run Interlock. */
  private static final int OLDEST = 17;

  /** {@code 17.0.15}, {@code 25}, and {@code 1.8.0_392} of old. */
  private static final Pattern VERSION = Pattern.compile("(?:1\\.)?(\\d{1,3})(?:\\D.*)?");

  /** The one that this JVM runs on. */
  static JavaHome ofThisJvm() {
    return new JavaHome(Path.of(System.getProperty("java.home")), Runtime.version().feature());
  }

  /**
   * Another one.
   *
   * @throws IOException if it is none, or too old; the message says what is missing
   */
  static JavaHome at(Path directory) throws IOException {
    Path home = directory.toAbsolutePath().normalize();
    Path launcher = launcher(home);
    if (!Files.isExecutable(launcher)) {
      throw new IOException("there is no program " + launcher);
    }
    Path release = home.resolve("release");
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(release, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "the file " + release + ", which tells the version, is not readable", e);
    }
    String written = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
    Matcher version = VERSION.matcher(written);
    if (!version.matches()) {
      throw new IOException("the file " + release + " tells no version");
    }
    int feature = Integer.parseInt(version.group(1));
    if (feature < OLDEST) {
      throw new IOException("it is Java " + written + ", and " + OLDEST + " is the oldest allowed");
    }
    return new JavaHome(home, feature);
  }

  Path launcher() {
    return launcher(directory);
  }

  private static Path launcher(Path home) {
    String program = System.getProperty("os.name").startsWith("Windows") ? "java.exe" : "java";
    return home.resolve("bin").resolve(program);
  }
}
