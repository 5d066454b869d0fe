// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/**
 * One element of a class path. Names are those of resources: {@code com/example/Job.class}.
 * Thread-safe. No method is cut short by an interrupt: a class whose loading an interrupt had
 * spoiled would be lost to its interpreter for good.
 */
interface ClassContainer extends Closeable {

  /** Where a resource is; null if it is not here. */
  @Nullable URL url(String name);

  /** The content of a resource; null if it is not here. */
  @Nullable InputStream open(String name) throws IOException;

  /** A class file; null if it is not here. */
  @Nullable ClassFile read(String name) throws IOException;
}
