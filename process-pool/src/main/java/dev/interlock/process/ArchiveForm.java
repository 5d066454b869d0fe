// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.nio.file.Path;
import java.util.List;

/** The archives of loaded classes that JDKs have. */
enum ArchiveForm {
  /** A dynamic archive on top of the JDK's own: JEP 350, JDK 13. */
  DYNAMIC("jsa", "-XX:SharedArchiveFile=", "-XX:ArchiveClassesAtExit="),

  /** An ahead-of-time cache, which holds linked classes and profiles too: JEP 514, JDK 25. */
  AOT("aot", "-XX:AOTCache=", "-XX:AOTCacheOutput=");

  private static final int FIRST_WITH_AOT = 25;

  private final String extension;
  private final String use;
  private final String make;

  ArchiveForm(String extension, String use, String make) {
    this.extension = extension;
    this.use = use;
    this.make = make;
  }

  /** The best that a Java of this version has. */
  static ArchiveForm of(int feature) {
    return feature >= FIRST_WITH_AOT ? AOT : DYNAMIC;
  }

  String extension() {
    return extension;
  }

  /** The options of a child that starts from this archive; one that does not fit is ignored. */
  List<String> toUse(Path file) {
    return List.of(use + file);
  }

  /** The options of a child that leaves an archive behind. */
  List<String> toMake(Path file) {
    return List.of(make + file);
  }
}
