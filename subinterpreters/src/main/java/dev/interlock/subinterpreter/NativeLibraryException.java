// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A native library is loaded in another interpreter, or in the application, and the JVM loads it in
 * one class loader only. The message names the library and the setting that lets the interpreters
 * share its classes. The cause is the JVM's {@link UnsatisfiedLinkError}, or what it led to.
 */
public final class NativeLibraryException extends InterpreterException {
  private static final long serialVersionUID = 1L;

  private static final Pattern ELSEWHERE =
      Pattern.compile("Native Library (.+) already loaded in another classloader");

  private final String library;

  private NativeLibraryException(String library, String message, Throwable cause) {
    super(message, cause);
    this.library = library;
  }

  /** Returns {@code thrown}, or what explains it if a native library is loaded elsewhere. */
  static Throwable explain(Throwable thrown) {
    int depth = 0;
    for (Throwable e = thrown; e != null && depth < 20; e = e.getCause(), depth++) {
      String library = e instanceof UnsatisfiedLinkError ? libraryOf(e.getMessage()) : null;
      if (library != null) {
        return new NativeLibraryException(library, explanation(library, loadedBy(e)), thrown);
      }
    }
    return thrown;
  }

  private static @Nullable String libraryOf(@Nullable String message) {
    Matcher matcher = ELSEWHERE.matcher(message == null ? "" : message);
    return matcher.find() ? matcher.group(1) : null;
  }

  /** The package of the class that asked for the library. */
  private static @Nullable String loadedBy(Throwable e) {
    for (StackTraceElement frame : e.getStackTrace()) {
      if (!"java.base".equals(frame.getModuleName())) {
        int dot = frame.getClassName().lastIndexOf('.');
        return dot < 0 ? null : frame.getClassName().substring(0, dot);
      }
    }
    return null;
  }

  private static String explanation(String library, @Nullable String loadedBy) {
    return "The native library "
        + library
        + " is loaded in another interpreter or in the application, and the JVM loads it in one"
        + " class loader only. Let all of them share the classes that use it:"
        + " interlock.subinterpreters.shared-packages = [\""
        + (loadedBy == null ? "<the package of these classes>" : loadedBy)
        + "\"]";
  }

  /** The file of the library. */
  public String library() {
    return library;
  }
}
