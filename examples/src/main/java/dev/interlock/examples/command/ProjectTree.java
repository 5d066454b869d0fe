// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Where the project's own source is: above the jar that this class is in. */
final class ProjectTree {
  private ProjectTree() {}

  /** The project's root, or the current directory if the jar has been taken elsewhere. */
  static Path find() {
    Path here = Path.of("").toAbsolutePath();
    CodeSource source = ProjectTree.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return here;
    }
    try {
      Path at = Path.of(source.getLocation().toURI());
      for (Path above = at.getParent(); above != null; above = above.getParent()) {
        if (Files.isRegularFile(above.resolve("interlock"))
            && Files.isRegularFile(above.resolve("pom.xml"))) {
          return above;
        }
      }
      return here;
    } catch (URISyntaxException e) {
      return here;
    }
  }
}
