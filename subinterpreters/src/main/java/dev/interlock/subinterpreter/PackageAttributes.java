// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.net.URL;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/** What a jar's manifest says of a package: the section of the package first, then the main one. */
final class PackageAttributes {
  private final @Nullable Attributes own;
  private final @Nullable Attributes main;

  PackageAttributes(@Nullable Manifest manifest, String packageName) {
    own = manifest == null ? null : manifest.getAttributes(packageName.replace('.', '/') + "/");
    main = manifest == null ? null : manifest.getMainAttributes();
  }

  @Nullable String value(Name name) {
    String value = own == null ? null : own.getValue(name);
    return value != null || main == null ? value : main.getValue(name);
  }

  boolean sealed() {
    return "true".equalsIgnoreCase(value(Name.SEALED));
  }

  /**
   * Refuses a class of this origin in a package that is there already, if one of the two is sealed.
   *
   * @throws SecurityException as the JVM's own loaders do
   */
  void check(Package existing, URL origin) {
    if (existing.isSealed() ? !existing.isSealed(origin) : sealed()) {
      throw new SecurityException(
          "Sealing violation: the package " + existing.getName() + " is also in " + origin);
    }
  }
}
