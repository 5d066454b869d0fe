// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.security.CodeSource;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A class as it lies on the class path. The bytes are shared by all interpreters and never written.
 *
 * @param bytes the class file's content
 * @param source the directory or jar, with the signers of the class if it was signed
 * @param manifest the jar's, if it has one
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record ClassFile(byte[] bytes, CodeSource source, @Nullable Manifest manifest) {
  /** Whether it is in a jar, and changes no more. */
  boolean isOfJar() {
    return !source.getLocation().getPath().endsWith("/");
  }
}
