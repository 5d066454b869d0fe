// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;

/**
 * Deregisters the JDBC drivers whose loader is its own. It is defined once more in the loader that
 * is to go, so it refers to nothing but the JDK; public, with a public constructor, for the same
 * reason.
 */
public final class DriverRelease implements Runnable {
  /** Made by {@link DriverCure} through reflection. */
  public DriverRelease() {}

  @Override
  public void run() {
    ClassLoader own = DriverRelease.class.getClassLoader();
    for (Driver driver : Collections.list(DriverManager.getDrivers())) {
      if (driver.getClass().getClassLoader() == own) {
        try {
          DriverManager.deregisterDriver(driver);
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
