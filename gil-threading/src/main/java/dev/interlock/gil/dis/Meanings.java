// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.MultiANewArrayInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/** What the operands of a method's instructions mean. */
final class Meanings {
  private static final Map<Integer, String> PRIMITIVES =
      Map.of(
          Opcodes.T_BOOLEAN, "boolean",
          Opcodes.T_CHAR, "char",
          Opcodes.T_FLOAT, "float",
          Opcodes.T_DOUBLE, "double",
          Opcodes.T_BYTE, "byte",
          Opcodes.T_SHORT, "short",
          Opcodes.T_INT, "int",
          Opcodes.T_LONG, "long");

  private final String owner;
  private final MethodNode method;
  private final Map<LabelNode, Integer> offsets;

  /**
   * @param owner the class, by its internal name
   * @param offsets where the labels of the method are
   */
  Meanings(String owner, MethodNode method, Map<LabelNode, Integer> offsets) {
    this.owner = owner;
    this.method = method;
    this.offsets = offsets;
  }

  /**
   * The meaning, or an empty text.
   *
   * @param next the offset of the instruction behind it
   */
  String of(AbstractInsnNode instruction, int offset, int next) {
    if (instruction instanceof FieldInsnNode field) {
      return TypeNames.simple(field.owner)
          + "."
          + field.name
          + ": "
          + TypeNames.simple(Type.getType(field.desc));
    }
    if (instruction instanceof MethodInsnNode call) {
      return TypeNames.simple(call.owner)
          + "."
          + call.name
          + TypeNames.parameters(call.desc)
          + ": "
          + TypeNames.result(call.desc);
    }
    if (instruction instanceof VarInsnNode variable) {
      return variable(variable.var, isStore(variable) ? next : offset);
    }
    if (instruction instanceof IincInsnNode increment) {
      String name = variable(increment.var, offset);
      String sign = increment.incr < 0 ? " -= " : " += ";
      return name.isEmpty() ? "" : name + sign + Math.abs(increment.incr);
    }
    if (instruction instanceof JumpInsnNode jump) {
      return to(jump.label);
    }
    if (instruction instanceof TypeInsnNode type) {
      return TypeNames.simple(type.desc) + (type.getOpcode() == Opcodes.ANEWARRAY ? "[]" : "");
    }
    if (instruction instanceof LdcInsnNode constant) {
      return constant(constant.cst);
    }
    if (instruction instanceof InvokeDynamicInsnNode dynamic) {
      return dynamic(dynamic);
    }
    if (instruction instanceof IntInsnNode array && array.getOpcode() == Opcodes.NEWARRAY) {
      return PRIMITIVES.get(array.operand) + "[]";
    }
    if (instruction instanceof MultiANewArrayInsnNode array) {
      return TypeNames.simple(Type.getType(array.desc));
    }
    if (instruction instanceof TableSwitchInsnNode table) {
      return cases(
          IntStream.rangeClosed(table.min, table.max).boxed().toList(), table.labels, table.dflt);
    }
    if (instruction instanceof LookupSwitchInsnNode lookup) {
      return cases(lookup.keys, lookup.labels, lookup.dflt);
    }
    return "";
  }

  private static boolean isStore(VarInsnNode variable) {
    return variable.getOpcode() >= Opcodes.ISTORE && variable.getOpcode() <= Opcodes.ASTORE;
  }

  private String variable(int slot, int offset) {
    if (slot == 0 && (method.access & Opcodes.ACC_STATIC) == 0) {
      return "this";
    }
    if (method.localVariables != null) {
      for (LocalVariableNode variable : method.localVariables) {
        if (variable.index == slot && at(variable.start) <= offset && offset < at(variable.end)) {
          return variable.name;
        }
      }
    }
    return "";
  }

  private String to(LabelNode label) {
    return "to " + at(label);
  }

  private String cases(List<Integer> keys, List<LabelNode> labels, LabelNode otherwise) {
    List<String> cases = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      if (at(labels.get(i)) != at(otherwise)) {
        cases.add(keys.get(i) + " " + to(labels.get(i)));
      }
    }
    cases.add("else " + to(otherwise));
    return String.join(", ", cases);
  }

  private int at(LabelNode label) {
    return offsets.getOrDefault(label, -1);
  }

  private String dynamic(InvokeDynamicInsnNode dynamic) {
    Handle bootstrap = dynamic.bsm;
    @Nullable Handle body = lambdaBody(dynamic);
    if (body != null) {
      return TypeNames.result(dynamic.desc)
          + ": "
          + (isLambda(body) ? "" : TypeNames.simple(body.getOwner()) + "::")
          + body.getName();
    }
    if (bootstrap.getOwner().equals("java/lang/invoke/StringConcatFactory")
        && dynamic.bsmArgs.length > 0
        && dynamic.bsmArgs[0] instanceof String recipe) {
      return quoted(recipe.replace("\u0001", "{}").replace("\u0002", "{}"));
    }
    return TypeNames.simple(bootstrap.getOwner())
        + "."
        + bootstrap.getName()
        + ": "
        + dynamic.name
        + TypeNames.parameters(dynamic.desc)
        + ": "
        + TypeNames.result(dynamic.desc);
  }

  /** A lambda's body, and not what a method reference calls: such methods javac alone names. */
  private boolean isLambda(Handle body) {
    return body.getOwner().equals(owner) && body.getName().startsWith("lambda$");
  }

  /** What a lambda or method reference calls; null if the instruction makes none. */
  static @Nullable Handle lambdaBody(InvokeDynamicInsnNode dynamic) {
    return dynamic.bsm.getOwner().equals("java/lang/invoke/LambdaMetafactory")
            && dynamic.bsmArgs.length > 1
            && dynamic.bsmArgs[1] instanceof Handle body
        ? body
        : null;
  }

  private static String constant(Object constant) {
    if (constant instanceof String text) {
      return quoted(text);
    }
    if (constant instanceof Long number) {
      return number + "L";
    }
    if (constant instanceof Float number) {
      return number + "f";
    }
    if (constant instanceof Type type) {
      return type.getSort() == Type.METHOD
          ? TypeNames.parameters(type.getDescriptor())
          : TypeNames.simple(type) + ".class";
    }
    if (constant instanceof Handle handle) {
      return TypeNames.simple(handle.getOwner()) + "::" + handle.getName();
    }
    if (constant instanceof ConstantDynamic dynamic) {
      return dynamic.getName() + ": " + TypeNames.simple(Type.getType(dynamic.getDescriptor()));
    }
    return String.valueOf(constant);
  }

  private static String quoted(String text) {
    return text.chars().mapToObj(Meanings::written).collect(Collectors.joining("", "\"", "\""));
  }

  private static String written(int character) {
    return switch (character) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      default ->
          Character.isISOControl(character)
              ? String.format("\\u%04x", character)
              : String.valueOf((char) character);
    };
  }
}
