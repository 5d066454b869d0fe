// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import java.util.Locale;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.util.Printer;

/**
 * An instruction as it stands in the class file. ASM hides short and wide forms and the numbers of
 * constants.
 *
 * @param mnemonic its name in the JVM's specification
 * @param operands as in the file: {@code #7} is a constant's number, {@code +12} a distance; empty
 *     if there are none
 */
record RawInstruction(String mnemonic, String operands) {
  private static final int LDC_W = 19;
  private static final int LDC2_W = 20;
  private static final int ILOAD_0 = 26;
  private static final int ALOAD_3 = 45;
  private static final int ISTORE_0 = 59;
  private static final int ASTORE_3 = 78;
  private static final int WIDE = 196;
  private static final int GOTO_W = 200;
  private static final int JSR_W = 201;
  private static final int SLOTS_WITH_SHORT_FORM = 4;

  /**
   * Reads one.
   *
   * @param code where in the file the code starts
   * @param offset of the instruction in the code
   */
  static RawInstruction at(ClassReader file, int code, int offset) {
    int at = code + offset;
    int opcode = file.readByte(at);
    if (opcode == WIDE) {
      int widened = file.readByte(at + 1);
      String slot = String.valueOf(file.readUnsignedShort(at + 2));
      return new RawInstruction(
          "wide " + mnemonic(widened),
          widened == Opcodes.IINC ? slot + " " + signed(file.readShort(at + 4)) : slot);
    }
    return new RawInstruction(mnemonic(opcode), operands(file, opcode, at, code));
  }

  private static String mnemonic(int opcode) {
    if (opcode >= ILOAD_0 && opcode <= ALOAD_3) {
      return shortForm(Opcodes.ILOAD, opcode - ILOAD_0);
    }
    if (opcode >= ISTORE_0 && opcode <= ASTORE_3) {
      return shortForm(Opcodes.ISTORE, opcode - ISTORE_0);
    }
    return switch (opcode) {
      case LDC_W -> "ldc_w";
      case LDC2_W -> "ldc2_w";
      case GOTO_W -> "goto_w";
      case JSR_W -> "jsr_w";
      default -> Printer.OPCODES[opcode].toLowerCase(Locale.ROOT);
    };
  }

  private static String shortForm(int first, int distance) {
    return mnemonic(first + distance / SLOTS_WITH_SHORT_FORM)
        + "_"
        + distance % SLOTS_WITH_SHORT_FORM;
  }

  private static String operands(ClassReader file, int opcode, int at, int code) {
    return switch (opcode) {
      case Opcodes.BIPUSH -> String.valueOf((byte) file.readByte(at + 1));
      case Opcodes.SIPUSH -> String.valueOf(file.readShort(at + 1));
      case Opcodes.LDC -> "#" + file.readByte(at + 1);
      case LDC_W,
          LDC2_W,
          Opcodes.GETSTATIC,
          Opcodes.PUTSTATIC,
          Opcodes.GETFIELD,
          Opcodes.PUTFIELD,
          Opcodes.INVOKEVIRTUAL,
          Opcodes.INVOKESPECIAL,
          Opcodes.INVOKESTATIC,
          Opcodes.INVOKEINTERFACE,
          Opcodes.INVOKEDYNAMIC,
          Opcodes.NEW,
          Opcodes.ANEWARRAY,
          Opcodes.CHECKCAST,
          Opcodes.INSTANCEOF ->
          "#" + file.readUnsignedShort(at + 1);
      case Opcodes.MULTIANEWARRAY ->
          "#" + file.readUnsignedShort(at + 1) + " " + file.readByte(at + 3);
      case Opcodes.ILOAD,
          Opcodes.LLOAD,
          Opcodes.FLOAD,
          Opcodes.DLOAD,
          Opcodes.ALOAD,
          Opcodes.ISTORE,
          Opcodes.LSTORE,
          Opcodes.FSTORE,
          Opcodes.DSTORE,
          Opcodes.ASTORE,
          Opcodes.RET,
          Opcodes.NEWARRAY ->
          String.valueOf(file.readByte(at + 1));
      case Opcodes.IINC -> file.readByte(at + 1) + " " + signed((byte) file.readByte(at + 2));
      case Opcodes.IFEQ,
          Opcodes.IFNE,
          Opcodes.IFLT,
          Opcodes.IFGE,
          Opcodes.IFGT,
          Opcodes.IFLE,
          Opcodes.IF_ICMPEQ,
          Opcodes.IF_ICMPNE,
          Opcodes.IF_ICMPLT,
          Opcodes.IF_ICMPGE,
          Opcodes.IF_ICMPGT,
          Opcodes.IF_ICMPLE,
          Opcodes.IF_ACMPEQ,
          Opcodes.IF_ACMPNE,
          Opcodes.GOTO,
          Opcodes.JSR,
          Opcodes.IFNULL,
          Opcodes.IFNONNULL ->
          signed(file.readShort(at + 1));
      case GOTO_W, JSR_W -> signed(file.readInt(at + 1));
      case Opcodes.TABLESWITCH -> {
        int table = afterPadding(at, code);
        yield file.readInt(table + 4) + ".." + file.readInt(table + 8);
      }
      case Opcodes.LOOKUPSWITCH -> String.valueOf(file.readInt(afterPadding(at, code) + 4));
      default -> "";
    };
  }

  /** A switch's operands start at a multiple of four bytes from the start of the code. */
  private static int afterPadding(int at, int code) {
    return at + 4 - (at - code) % 4;
  }

  private static String signed(int number) {
    return number < 0 ? String.valueOf(number) : "+" + number;
  }
}
