// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.FieldInsnNode;

/** What a class declares, read before its code. */
final class ClassShape extends ClassVisitor {
  static final String INITIALIZER = "<clinit>";
  static final String CONSTRUCTOR = "<init>";
  private static final int FIRST_VERSION_WITH_FRAMES = Opcodes.V1_6;

  private static final Set<String> PLAIN_PARENTS =
      Set.of("java/lang/Object", "java/lang/Record", "java/lang/Enum");

  private final Map<String, Integer> methods = new HashMap<>();
  private final Map<String, Integer> fields = new HashMap<>();
  private final List<String> nativeMethods = new ArrayList<>();
  private String name = "";
  private String superName = "java/lang/Object";
  private int majorVersion;

  private ClassShape() {
    super(Opcodes.ASM9);
  }

  static ClassShape of(ClassReader reader) {
    ClassShape shape = new ClassShape();
    reader.accept(shape, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return shape;
  }

  @Override
  public void visit(
      int version,
      int access,
      String name,
      @Nullable String signature,
      @Nullable String superName,
      String @Nullable [] interfaces) {
    majorVersion = version & 0xFFFF;
    this.name = name;
    this.superName = superName == null ? "" : superName;
  }

  @Override
  public @Nullable FieldVisitor visitField(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      @Nullable Object value) {
    fields.put(name + ' ' + descriptor, access);
    return null;
  }

  @Override
  public @Nullable MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    methods.put(name + descriptor, access);
    if ((access & Opcodes.ACC_NATIVE) != 0) {
      nativeMethods.add(name + descriptor);
    }
    return null;
  }

  String name() {
    return name;
  }

  List<String> nativeMethods() {
    return List.copyOf(nativeMethods);
  }

  /** Whether its methods have stack maps, or may have. */
  boolean hasFrames() {
    return majorVersion >= FIRST_VERSION_WITH_FRAMES;
  }

  /** Whether the method is its own and has bytecode. */
  boolean declaresCode(String method, String descriptor) {
    Integer access = methods.get(method + descriptor);
    return access != null && (access & (Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT)) == 0;
  }

  boolean declares(String method, String descriptor) {
    return methods.containsKey(method + descriptor);
  }

  boolean extendsClass(String other) {
    return superName.equals(other);
  }

  /** Whether the field is its own and final. */
  boolean declaresFinal(FieldInsnNode field) {
    Integer access = own(field);
    return access != null && (access & Opcodes.ACC_FINAL) != 0;
  }

  /** Whether the field is its own and not volatile. */
  boolean declaresPlain(FieldInsnNode field) {
    Integer access = own(field);
    return access != null && (access & Opcodes.ACC_VOLATILE) == 0;
  }

  private @Nullable Integer own(FieldInsnNode field) {
    return field.owner.equals(name) ? fields.get(field.name + ' ' + field.desc) : null;
  }

  /**
   * Whether using the class for the first time may run an initializer: its own, or that of a class
   * that it extends. Those of interfaces are left out; a loop looks after them.
   */
  boolean mayRunInitializer() {
    return declares(INITIALIZER, "()V") || !PLAIN_PARENTS.contains(superName);
  }
}
