// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.file.Path;

/** A folder that is made when it is asked for. Thread-safe. */
interface Place {
  /**
   * The folder; always the same one.
   *
   * @throws IOException if it cannot be made
   */
  Path folder() throws IOException;
}
