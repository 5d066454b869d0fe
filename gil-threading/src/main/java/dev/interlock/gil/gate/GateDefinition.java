// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.gate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Defines {@link InterlockGate} as {@code java.lang.InterlockGate} in the boot loader.
 *
 * <p>Not by {@code Boot-Class-Path} or {@code appendToBootstrapClassLoaderSearch}: these make the
 * JVM print a warning and give up class-data sharing for the application's classes. And not in a
 * package of our own: some class loaders (OSGi's) pass only {@code java.*} to the boot loader.
 */
public final class GateDefinition {
  private GateDefinition() {}

  /** Defines the gate, unless it is there already. */
  public static synchronized void define(Instrumentation instrumentation)
      throws IOException, IllegalAccessException {
    if (Gate.find().isPresent()) {
      return;
    }
    instrumentation.redefineModule(
        Object.class.getModule(),
        Set.of(),
        Map.of(),
        Map.of("java.lang", Set.of(GateDefinition.class.getModule())),
        Set.of(),
        Map.of());
    MethodHandles.privateLookupIn(Object.class, MethodHandles.lookup()).defineClass(renamed());
  }

  private static byte[] renamed() throws IOException {
    String own = InterlockGate.class.getName().replace('.', '/');
    String file = InterlockGate.class.getSimpleName() + ".class";
    try (InputStream in =
        Objects.requireNonNull(InterlockGate.class.getResourceAsStream(file), file)) {
      return withConstant(in.readAllBytes(), own, Gate.INTERNAL_NAME);
    }
  }

  /**
   * The class file with another text in place of one of its constants. Without ASM, whose loading
   * every start of the JVM would pay for, also where the gate is never used.
   */
  private static byte[] withConstant(byte[] classFile, String before, String after)
      throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(classFile.length);
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(in.readNBytes(8)); // magic and version
    int constants = in.readUnsignedShort();
    out.writeShort(constants);
    for (int i = 1; i < constants; i++) {
      int tag = in.readUnsignedByte();
      out.writeByte(tag);
      switch (tag) {
        case 1 -> {
          String text = in.readUTF();
          out.writeUTF(text.equals(before) ? after : text);
        }
        case 3, 4, 9, 10, 11, 12, 17, 18 -> out.write(in.readNBytes(4));
        case 5, 6 -> {
          out.write(in.readNBytes(8));
          i++; // a long or a double takes two places
        }
        case 7, 8, 16, 19, 20 -> out.write(in.readNBytes(2));
        case 15 -> out.write(in.readNBytes(3));
        default -> throw new IOException("constant " + i + " has the unknown tag " + tag);
      }
    }
    in.transferTo(out);
    return bytes.toByteArray();
  }
}
