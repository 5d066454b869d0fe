// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.util.ReflectionUtils;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;

/** Every class of the libraries on the test class path passes the JVM's verifier with checks. */
class LibrariesTest {
  /** One class of each library. ArchUnit's has Guava in it, AssertJ's Byte Buddy. */
  private static final Class<?>[] LIBRARIES = {
    Assertions.class,
    ArchConfiguration.class,
    Awaitility.class,
    Assumptions.class,
    ReflectionUtils.class,
    ClassReader.class,
    ClassNode.class,
  };

  @Test
  void areVerifiedInAllModes() throws Exception {
    Map<String, byte[]> classes = new HashMap<>();
    for (Class<?> library : LIBRARIES) {
      addAll(Path.of(library.getProtectionDomain().getCodeSource().getLocation().toURI()), classes);
    }
    assertThat(classes.size()).isGreaterThan(4_000);
    Map<String, String> original = failures(classes);
    assertThat(original.values()).noneMatch(failure -> failure.contains("VerifyError"));
    for (SwitchPoints points : SwitchPoints.values()) {
      assertThat(failures(GateLoader.instrumented(classes, points)))
          .as(points.name())
          .containsOnlyKeys(original.keySet());
    }
  }

  private static void addAll(Path jar, Map<String, byte[]> classes) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : Collections.list(file.entries())) {
        String name = entry.getName();
        if (name.endsWith(".class")
            && !name.startsWith("META-INF")
            && !name.equals("module-info.class")) {
          try (InputStream in = file.getInputStream(entry)) {
            classes.putIfAbsent(name.replace(".class", ""), in.readAllBytes());
          }
        }
      }
    }
  }

  /** The classes that cannot be linked, most of them for want of a class they extend. */
  private static Map<String, String> failures(Map<String, byte[]> classes) throws Exception {
    GateLoader loader = new GateLoader(classes);
    Map<String, String> failures = new TreeMap<>();
    for (String name : classes.keySet()) {
      try {
        // Reflection makes the JVM link the class, and so verify it.
        Class<?> type = Class.forName(name.replace('/', '.'), false, loader);
        assertThat(type.getDeclaredMethods()).isNotNull();
      } catch (LinkageError e) {
        failures.put(name, e.toString());
      }
    }
    return failures;
  }
}
