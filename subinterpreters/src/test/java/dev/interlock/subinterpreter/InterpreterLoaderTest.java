// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes.Name;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One loader over class paths made for the purpose. */
@Timeout(120)
class InterpreterLoaderTest {
  private static final String FIRST = "public class First { public static int n; }";

  /** Which copy of the class it is. */
  private static final String VERSION =
      "package p; public class V { public int v() { return %d; } }";

  @TempDir static Path classes;
  @TempDir Path directory;

  @BeforeAll
  static void compileClasses() throws IOException {
    compile(classes.resolve("first"), "p/First", "package p; " + FIRST);
    compile(classes.resolve("v1"), "p/V", String.format(VERSION, 1));
    compile(classes.resolve("v2"), "p/V", String.format(VERSION, 2));
  }

  private static void compile(Path out, String name, String source) throws IOException {
    Path file = out.resolve("src").resolve(name + ".java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-d", out.toString(), file.toString());
    assertThat(result).isZero();
  }

  private static byte[] bytes(String version, String name) throws IOException {
    return Files.readAllBytes(classes.resolve(version).resolve(name));
  }

  private Path jar(String name, Map<Name, String> attributes, Map<String, byte[]> entries)
      throws IOException {
    Path file = directory.resolve(name);
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Name.MANIFEST_VERSION, "1.0");
    attributes.forEach((key, value) -> manifest.getMainAttributes().put(key, value));
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        jar.putNextEntry(new JarEntry(entry.getKey()));
        jar.write(entry.getValue());
      }
    }
    return file;
  }

  private static InterpreterLoader loader(ClassPathIndex index) {
    return new InterpreterLoader(
        "test",
        1,
        index,
        new SharedPackages(ClassLoader.getSystemClassLoader(), Set.of(), List.of(), List.of()));
  }

  private static int version(ClassLoader loader) throws ReflectiveOperationException {
    Class<?> type = loader.loadClass("p.V");
    return (int) type.getMethod("v").invoke(type.getConstructor().newInstance());
  }

  @Test
  void eachLoaderDefinesAClassOfItsOwn() throws Exception {
    try (ClassPathIndex index = new ClassPathIndex(List.of(classes.resolve("first")));
        InterpreterLoader one = loader(index);
        InterpreterLoader two = loader(index)) {
      Class<?> first = one.loadClass("p.First");
      assertThat(first.getClassLoader()).isSameAs(one);
      assertThat(one.loadClass("p.First")).isSameAs(first);
      assertThat(two.loadClass("p.First")).isNotSameAs(first);
      assertThat(index.classFile("p.First").bytes())
          .as("read once")
          .isSameAs(index.classFile("p.First").bytes());
      assertThat(Class.forName("[Lp.First;", false, one).getComponentType()).isSameAs(first);
      assertThatThrownBy(() -> one.loadClass("p.None")).isInstanceOf(ClassNotFoundException.class);
    }
  }

  @Test
  void firstOnThePathWins() throws Exception {
    try (ClassPathIndex index =
            new ClassPathIndex(List.of(classes.resolve("v2"), classes.resolve("v1")));
        InterpreterLoader loader = loader(index)) {
      assertThat(version(loader)).isEqualTo(2);
      assertThat(Collections.list(loader.getResources("p/V.class"))).hasSize(2);
      assertThat(loader.getResource("p/V.class").toString()).contains("/v2/");
    }
  }

  @Test
  void multiReleaseJarGivesTheReleaseOfThisJvm() throws Exception {
    Path jar =
        jar(
            "multi.jar",
            Map.of(Name.MULTI_RELEASE, "true"),
            Map.of(
                "p/V.class",
                bytes("v1", "p/V.class"),
                "META-INF/versions/9/p/V.class",
                bytes("v2", "p/V.class"),
                "META-INF/versions/9/text",
                new byte[] {9},
                "text",
                new byte[] {8}));
    try (ClassPathIndex index = new ClassPathIndex(List.of(jar));
        InterpreterLoader loader = loader(index)) {
      assertThat(version(loader)).isEqualTo(2);
      try (InputStream text = loader.getResourceAsStream("text");
          InputStream same = loader.getResource("text").openStream()) {
        assertThat(text.readAllBytes()).containsExactly(9);
        assertThat(same.readAllBytes()).containsExactly(9);
      }
    }
  }

  @Test
  void manifestsExtendTheClassPath() throws Exception {
    Path last = jar("last one.jar", Map.of(), Map.of("p/V.class", bytes("v2", "p/V.class")));
    jar("middle.jar", Map.of(Name.CLASS_PATH, "last%20one.jar none.jar"), Map.of());
    Path first = jar("first.jar", Map.of(Name.CLASS_PATH, "middle.jar first.jar"), Map.of());
    Path text = Files.writeString(directory.resolve("text.txt"), "no jar");
    try (URLClassLoader application =
        new URLClassLoader(new URL[] {first.toUri().toURL(), text.toUri().toURL()})) {
      List<Path> path = ClassPath.of(application);
      assertThat(path).contains(first, directory.resolve("middle.jar"), last);
      assertThat(path).doesNotContain(directory.resolve("none.jar")).doesNotHaveDuplicates();
      assertThat(path.indexOf(first)).isLessThan(path.indexOf(last));
      try (ClassPathIndex index = new ClassPathIndex(path);
          InterpreterLoader loader = loader(index)) {
        assertThat(version(loader)).isEqualTo(2);
        assertThat(loader.loadClass(InterpreterLoaderTest.class.getName()))
            .as("of a shared package")
            .isSameAs(InterpreterLoaderTest.class);
      }
    }
  }

  @Test
  void sealedPackagesStaySealed() throws Exception {
    Path sealed =
        jar(
            "sealed.jar",
            Map.of(Name.SEALED, "true", Name.IMPLEMENTATION_VERSION, "1.2.3"),
            Map.of("p/V.class", bytes("v1", "p/V.class")));
    try (ClassPathIndex index = new ClassPathIndex(List.of(sealed, classes.resolve("first")));
        InterpreterLoader loader = loader(index)) {
      Class<?> type = loader.loadClass("p.V");
      assertThat(type.getPackage().isSealed()).isTrue();
      assertThat(type.getPackage().getImplementationVersion()).isEqualTo("1.2.3");
      assertThatThrownBy(() -> loader.loadClass("p.First"))
          .isInstanceOf(SecurityException.class)
          .hasMessageContaining("Sealing violation");
    }
  }

  @Test
  void signersAreKept() throws Exception {
    Path jar = jar("signed.jar", Map.of(), Map.of("p/V.class", bytes("v1", "p/V.class")));
    Path keys = directory.resolve("keys");
    List<String> store = List.of("-keystore", keys.toString(), "-storepass", "secret");
    tool(store, "keytool", "-genkeypair", "-alias", "me", "-dname", "CN=me", "-keyalg", "EC");
    tool(store, "jarsigner", jar.toString(), "me");
    try (ClassPathIndex index = new ClassPathIndex(List.of(jar));
        InterpreterLoader loader = loader(index)) {
      assertThat(version(loader)).isEqualTo(1);
      assertThat(loader.loadClass("p.V").getProtectionDomain().getCodeSource().getCertificates())
          .hasSize(1);
    }
  }

  private void tool(List<String> options, String name, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", name).toString());
    command.addAll(options);
    command.addAll(List.of(arguments));
    Path output = directory.resolve(name + ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  @Test
  void namesDoNotLeadOutOfADirectory() throws Exception {
    Files.writeString(classes.resolve("outside.txt"), "outside");
    try (ClassPathIndex index = new ClassPathIndex(List.of(classes.resolve("first")));
        InterpreterLoader loader = loader(index)) {
      assertThat(loader.getResource("../outside.txt")).isNull();
      assertThat(loader.getResource("p/../../outside.txt")).isNull();
      assertThat(loader.getResourceAsStream("/etc/hostname")).isNull();
      assertThat(loader.getResource("nul\0byte")).isNull();
      assertThat(loader.getResource("p/First.class")).isNotNull();
    }
  }

  @Test
  void anInterruptDoesNotSpoilAClass() throws Exception {
    try (ClassPathIndex index = new ClassPathIndex(List.of(classes.resolve("first")));
        InterpreterLoader loader = loader(index)) {
      Thread.currentThread().interrupt();
      Class<?> type = loader.loadClass("p.First");
      assertThat(Thread.interrupted()).isTrue();
      assertThat(type.getClassLoader()).isSameAs(loader);
    }
  }

  @Test
  void closedLoaderLoadsNoMore() throws Exception {
    try (ClassPathIndex index = new ClassPathIndex(List.of(classes.resolve("v1")))) {
      InterpreterLoader loader = loader(index);
      Class<?> type = loader.loadClass("p.V");
      loader.close();
      assertThat(loader.loadClass("p.V")).isSameAs(type);
      assertThat(loader.getResource("p/V.class")).isNull();
      assertThatThrownBy(() -> loader.loadClass("p.First"))
          .isInstanceOf(ClassNotFoundException.class)
          .hasMessageContaining("test is closed");
    }
  }

  @Test
  void manyThreadsLoadOneClass() throws Exception {
    for (int round = 0; round < 50; round++) {
      try (ClassPathIndex index = new ClassPathIndex(List.of(classes.resolve("v1")));
          InterpreterLoader loader = loader(index)) {
        List<CompletableFuture<Class<?>>> loading = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          loading.add(
              CompletableFuture.supplyAsync(
                  () -> {
                    try {
                      return loader.loadClass("p.V");
                    } catch (ClassNotFoundException e) {
                      throw new AssertionError(e);
                    }
                  }));
        }
        assertThat(loading.stream().map(CompletableFuture::join).distinct()).hasSize(1);
      }
    }
  }

  @Test
  void sharedTreesCoverPackagesBelowAndNothingBeside() {
    ClassLoader application = new ClassLoader("application", null) {};
    SharedPackages shared =
        new SharedPackages(
            application, Set.of("dev.interlock.other"), List.of("com.example"), List.of());
    assertThat(shared.loaderOf("com.example.A")).isSameAs(application);
    assertThat(shared.loaderOf("com.example.deep.A")).isSameAs(application);
    assertThat(shared.loaderOf("com.examples.A")).isNull();
    assertThat(shared.loaderOf("com.A")).isNull();
    assertThat(shared.loaderOf("Unnamed")).isNull();
    assertThat(shared.loaderOf("dev.interlock.Task")).isNotNull();
    assertThat(shared.loaderOf("dev.interlock.other.A")).isNotNull();
    assertThat(shared.loaderOf("dev.interlock.other.deep.A")).isNull();
    assertThat(shared.loaderOf("dev.interlock.examples.A")).isNull();
    assertThat(shared.loaderOf("java.util.List")).isNotNull();
    assertThat(shared.loaderOf("com.sun.source.tree.Tree")).isNotNull();
  }

  @Test
  void streamOfAJarIsRead() throws Exception {
    ByteArrayOutputStream big = new ByteArrayOutputStream();
    for (int i = 0; i < 100_000; i++) {
      big.write(i);
    }
    Path jar = jar("data.jar", Map.of(), Map.of("data/big one.bin", big.toByteArray()));
    try (ClassPathIndex index = new ClassPathIndex(List.of(jar));
        InterpreterLoader loader = loader(index)) {
      try (InputStream data = loader.getResourceAsStream("data/big one.bin");
          InputStream same = loader.getResource("data/big one.bin").openStream()) {
        assertThat(data.readAllBytes()).isEqualTo(big.toByteArray());
        assertThat(same.readAllBytes()).isEqualTo(big.toByteArray());
      }
    }
  }

  @Test
  void anIndexThatIsOpenedAgainKnowsChangedJarsAndDirectories() throws Exception {
    Path jar = jar("a.jar", Map.of(), Map.of("p/V.class", bytes("v1", "p/V.class")));
    Path folder = Files.createDirectories(directory.resolve("folder"));
    compile(folder, "p/First", "package p; " + FIRST);
    ClassPathIndex index = new ClassPathIndex(List.of(jar, folder));
    ClassFile inJar = index.classFile("p.V");
    ClassFile inFolder = index.classFile("p.First");
    index.close();
    ClassPathIndex again = index.again();
    assertThat(again).isNotNull();
    assertThat(again.classFile("p.V")).isSameAs(inJar);
    assertThat(again.classFile("p.First")).as("a directory may change").isNotSameAs(inFolder);
    again.close();
    jar("a.jar", Map.of(), Map.of("p/V.class", bytes("v2", "p/V.class"), "more", new byte[9]));
    assertThat(again.again()).as("the jar is another one").isNull();
    Files.delete(jar);
    assertThat(again.again()).isNull();
  }
}
