// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.util.Printer;

/**
 * The accesses to shared state: fields and array elements. Final fields of the class itself are
 * none: once it is seen, such a field does not change.
 */
final class Accesses {
  private Accesses() {}

  /** The access at a position; null when it is none. */
  static @Nullable Site at(MethodCode code, int position) {
    AbstractInsnNode node = code.at(position);
    Site.Kind kind = kind(node.getOpcode());
    if (kind == null) {
      return null;
    }
    String instruction = Printer.OPCODES[node.getOpcode()].toLowerCase(Locale.ROOT);
    if (node instanceof FieldInsnNode field) {
      if (code.shape().declaresFinal(field)) {
        return null;
      }
      String owner = field.owner.substring(field.owner.lastIndexOf('/') + 1);
      instruction += ' ' + owner + '.' + field.name;
    }
    return new Site(
        code.shape().name(),
        code.node().name,
        code.node().desc,
        code.line(position),
        code.offset(position),
        instruction,
        kind);
  }

  private static Site.@Nullable Kind kind(int opcode) {
    return switch (opcode) {
      case Opcodes.GETFIELD,
          Opcodes.GETSTATIC,
          Opcodes.IALOAD,
          Opcodes.LALOAD,
          Opcodes.FALOAD,
          Opcodes.DALOAD,
          Opcodes.AALOAD,
          Opcodes.BALOAD,
          Opcodes.CALOAD,
          Opcodes.SALOAD ->
          Site.Kind.READ;
      case Opcodes.PUTFIELD,
          Opcodes.PUTSTATIC,
          Opcodes.IASTORE,
          Opcodes.LASTORE,
          Opcodes.FASTORE,
          Opcodes.DASTORE,
          Opcodes.AASTORE,
          Opcodes.BASTORE,
          Opcodes.CASTORE,
          Opcodes.SASTORE ->
          Site.Kind.WRITE;
      default -> null;
    };
  }
}
