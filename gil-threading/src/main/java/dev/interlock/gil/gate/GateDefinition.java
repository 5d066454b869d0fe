// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.gate;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;

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
      ClassWriter writer = new ClassWriter(0);
      new ClassReader(in.readAllBytes())
          .accept(
              new ClassRemapper(writer, new SimpleRemapper(Opcodes.ASM9, own, Gate.INTERNAL_NAME)),
              ClassReader.SKIP_DEBUG);
      return writer.toByteArray();
    }
  }
}
