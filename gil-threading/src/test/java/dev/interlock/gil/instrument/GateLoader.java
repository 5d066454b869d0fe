// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import dev.interlock.gil.gate.Gate;
import dev.interlock.gil.gate.InterlockGate;
import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.SimpleRemapper;

/**
 * Defines classes from memory. What is instrumented calls the gate under the name under which it
 * was written, because a JVM without the agent has no other.
 */
final class GateLoader extends ClassLoader {
  private final Map<String, byte[]> classes;

  GateLoader(Map<String, byte[]> classes) {
    super(ClassLoader.getPlatformClassLoader());
    this.classes = classes;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (name.equals(InterlockGate.class.getName())) {
      return InterlockGate.class;
    }
    byte[] classFile = classes.get(name.replace('.', '/'));
    if (classFile == null) {
      throw new ClassNotFoundException(name);
    }
    byte[] linkable = callingTheGateOfTheTest(classFile);
    return defineClass(name, linkable, 0, linkable.length);
  }

  private static byte[] callingTheGateOfTheTest(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    String own = InterlockGate.class.getName().replace('.', '/');
    new ClassReader(classFile)
        .accept(
            new ClassRemapper(writer, new SimpleRemapper(Opcodes.ASM9, Gate.INTERNAL_NAME, own)),
            0);
    return writer.toByteArray();
  }

  /** The same classes, instrumented where there is something to insert. */
  static Map<String, byte[]> instrumented(Map<String, byte[]> classes, SwitchPoints points) {
    ClassInstrumenter instrumenter = new ClassInstrumenter(classes::containsKey);
    Map<String, byte[]> result = new HashMap<>();
    classes.forEach(
        (name, original) -> {
          byte[] changed = instrumenter.instrument(original, points).classFile();
          result.put(name, changed == null ? original : changed);
        });
    return result;
  }
}
