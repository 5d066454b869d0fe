// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Class files as javac makes them, kept in memory. */
final class Compiled {
  private Compiled() {}

  /** The classes of a source file in the test resources, by internal name. */
  static Map<String, byte[]> resource(String name) throws IOException {
    try (InputStream in = Compiled.class.getResourceAsStream(name)) {
      return source(
          name.replace(".java", ""), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** The classes of a source in the unnamed package, by internal name. */
  static Map<String, byte[]> source(String className, String source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> files = new TreeMap<>();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager standard =
        compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  messages,
                  new MemoryFiles(standard, files),
                  null,
                  List.of("-g", "-proc:none", "-nowarn", "--release", "17"),
                  null,
                  List.of(new Source(className, source)))
              .call();
      if (!compiled) {
        throw new IllegalArgumentException(messages.toString());
      }
    }
    return files.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toByteArray()));
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String className, String text) {
      super(URI.create("memory:///" + className + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class MemoryFiles extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, ByteArrayOutputStream> files;

    MemoryFiles(JavaFileManager standard, Map<String, ByteArrayOutputStream> files) {
      super(standard);
      this.files = files;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
      String internalName = className.replace('.', '/');
      return new SimpleJavaFileObject(URI.create("memory:///" + internalName + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          return files.computeIfAbsent(internalName, name -> new ByteArrayOutputStream());
        }
      };
    }
  }
}
