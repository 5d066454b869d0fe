// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Deregisters the JDBC drivers of the loader. {@code DriverManager} lets only code of the same
 * loader do that, so {@link DriverRelease} is defined there.
 */
final class DriverCure implements Cure {
  @Override
  public void apply(UnloadableLoader loader, Consumer<String> left)
      throws IOException, ReflectiveOperationException {
    if (!loader.hasLinkedTo("java.sql.Driver")) {
      return;
    }
    String name = DriverRelease.class.getName();
    try (InputStream stream =
        Objects.requireNonNull(
            DriverCure.class.getResourceAsStream(DriverRelease.class.getSimpleName() + ".class"))) {
      Runnable release =
          (Runnable)
              loader.define(name, stream.readAllBytes()).getDeclaredConstructor().newInstance();
      release.run();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public String toString() {
    return "JDBC drivers";
  }
}
