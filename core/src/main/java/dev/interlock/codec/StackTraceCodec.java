// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Stack traces, without the object overhead: they are most of what an exception weighs. */
final class StackTraceCodec {

  void write(FrameOutput output, StackTraceElement[] frames) {
    output.writeVarInt(frames.length, true);
    for (StackTraceElement frame : frames) {
      output.writeString(shown(frame, frame.getClassLoaderName(), ""));
      output.writeString(frame.getModuleName());
      output.writeString(shown(frame, frame.getModuleVersion(), "@"));
      output.writeString(frame.getClassName());
      output.writeString(frame.getMethodName());
      output.writeString(frame.getFileName());
      output.writeVarInt(frame.getLineNumber(), false);
    }
  }

  /**
   * A built-in loader's name and a JDK module's version are not printed here; nor are they to be on
   * the other side, where frames that are made by hand print all they have.
   */
  private static @Nullable String shown(
      StackTraceElement frame, @Nullable String part, String prefix) {
    return part != null && frame.toString().contains(prefix + part + "/") ? part : null;
  }

  StackTraceElement[] read(FrameInput input) {
    StackTraceElement[] frames = new StackTraceElement[input.readLength(7)];
    for (int i = 0; i < frames.length; i++) {
      frames[i] =
          new StackTraceElement(
              input.readString(),
              input.readString(),
              input.readString(),
              Objects.requireNonNullElse(input.readString(), "?"),
              Objects.requireNonNullElse(input.readString(), "?"),
              input.readString(),
              input.readVarInt(false));
    }
    return frames;
  }
}
