// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * A class file: its tree, and where in the file the code of each method lies. It is read as a
 * resource; the class is neither loaded nor initialized.
 */
final class ClassFile {
  private static final int CODE_HEADER_BYTES = 14;

  private final byte[] bytes;
  private final boolean ofJdk;
  private final OffsetReader reader;
  private final Tree tree;

  private ClassFile(byte[] bytes, boolean ofJdk) {
    this.bytes = bytes;
    this.ofJdk = ofJdk;
    this.reader = new OffsetReader(bytes);
    this.tree = new Tree(reader);
    reader.accept(tree, ClassReader.SKIP_FRAMES);
    placeCode();
  }

  /**
   * Finds the class that {@code name} means: with dots or slashes, and with a dollar or a dot
   * before the name of a nested class.
   */
  static Optional<ClassFile> find(String name, ClassLoader loader) {
    String path = name.replace('.', '/');
    while (true) {
      Optional<ClassFile> found = read(path, loader);
      int nesting = path.lastIndexOf('/');
      if (found.isPresent() || nesting < 0) {
        return found;
      }
      path = path.substring(0, nesting) + '$' + path.substring(nesting + 1);
    }
  }

  /** Reads the class of that internal name. */
  static Optional<ClassFile> read(String internalName, ClassLoader loader) {
    @Nullable URL url = loader.getResource(internalName + ".class");
    if (url == null) {
      return Optional.empty();
    }
    try {
      URLConnection connection = url.openConnection();
      connection.setUseCaches(false);
      try (InputStream in = connection.getInputStream()) {
        ClassFile file = new ClassFile(in.readAllBytes(), url.getProtocol().equals("jrt"));
        // Some file systems do not tell capitals from small letters.
        return file.node().name.equals(internalName) ? Optional.of(file) : Optional.empty();
      }
    } catch (IOException | RuntimeException e) {
      throw new DisassemblyException(
          url + " cannot be read as a class file: " + e.getMessage() + ".", e);
    }
  }

  byte[] bytes() {
    return bytes.clone();
  }

  /** Whether it comes with the JDK. */
  boolean isOfJdk() {
    return ofJdk;
  }

  ClassNode node() {
    return tree;
  }

  /** The methods, in the order of the file. */
  List<Code> methods() {
    return tree.codes;
  }

  /** A method, and where its instructions are. */
  static final class Code {
    private final MethodNode method;

    /** The offset of each instruction from the start of the code. */
    private final List<Integer> offsets = new ArrayList<>();

    /** Where in the file the code starts. */
    private int start;

    private Code(MethodNode method) {
      this.method = method;
    }

    MethodNode method() {
      return method;
    }

    List<Integer> offsets() {
      return offsets;
    }
  }

  /** The bytes of an instruction, as the file has them. */
  RawInstruction raw(Code code, int offset) {
    return RawInstruction.at(reader, code.start, offset);
  }

  /** Walks over fields and methods to find the Code attributes; ASM does not say where they are. */
  private void placeCode() {
    int at = reader.header + 6;
    at += 2 + 2 * reader.readUnsignedShort(at);
    int fields = reader.readUnsignedShort(at);
    at += 2;
    for (int field = 0; field < fields; field++) {
      at = overAttributes(at + 6, null);
    }
    at += 2;
    for (Code code : tree.codes) {
      at = overAttributes(at + 6, code);
    }
  }

  /** Returns where the attributes end that start at {@code at}. */
  private int overAttributes(int at, @Nullable Code code) {
    char[] buffer = new char[reader.getMaxStringLength()];
    int attributes = reader.readUnsignedShort(at);
    int next = at + 2;
    for (int attribute = 0; attribute < attributes; attribute++) {
      if (code != null && "Code".equals(reader.readUTF8(next, buffer))) {
        code.start = next + CODE_HEADER_BYTES;
      }
      next += 6 + reader.readInt(next + 2);
    }
    return next;
  }

  /** Notes the offset of each instruction that is visited. */
  private static final class OffsetReader extends ClassReader {
    private @Nullable Code current;

    OffsetReader(byte[] bytes) {
      super(bytes);
    }

    @Override
    protected void readBytecodeInstructionOffset(int offset) {
      if (current != null) {
        current.offsets.add(offset);
      }
    }
  }

  private static final class Tree extends ClassNode {
    private final OffsetReader reader;
    private final List<Code> codes = new ArrayList<>();

    Tree(OffsetReader reader) {
      super(Opcodes.ASM9);
      this.reader = reader;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodNode method =
          (MethodNode) super.visitMethod(access, name, descriptor, signature, exceptions);
      Code code = new Code(method);
      codes.add(code);
      reader.current = code;
      return method;
    }
  }
}
