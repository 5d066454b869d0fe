// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints: the version that the build wrote into the jar, and the JDK's. */
final class BuildVersion implements IVersionProvider {
  private static final String RESOURCE = "/interlock-version.properties";

  @Override
  public String[] getVersion() throws IOException {
    Properties properties = new Properties();
    try (InputStream in = BuildVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IOException(RESOURCE + " is missing from the jar; build it again.");
      }
      properties.load(in);
    }
    return new String[] {
      "interlock " + properties.getProperty("version"),
      "JDK " + System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vendor")
    };
  }
}
