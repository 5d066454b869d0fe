// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.Set;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Methods of the JDK after which a thread is as it was before: they neither block, nor lock, nor
 * call back into code that might. So no check is needed behind them.
 */
final class QuietCalls {
  /** Final classes, and classes of static methods: they call back only what they are given. */
  private static final Set<String> CLASSES =
      Set.of(
          "java/lang/Math",
          "java/lang/StrictMath",
          "java/lang/String",
          "java/lang/StringBuilder",
          "java/lang/Boolean",
          "java/lang/Byte",
          "java/lang/Character",
          "java/lang/Short",
          "java/lang/Integer",
          "java/lang/Long",
          "java/lang/Float",
          "java/lang/Double",
          "java/util/Arrays",
          "java/util/SplittableRandom",
          "java/util/concurrent/atomic/AtomicBoolean",
          "java/util/concurrent/atomic/AtomicInteger",
          "java/util/concurrent/atomic/AtomicLong",
          "java/util/concurrent/atomic/AtomicIntegerArray",
          "java/util/concurrent/atomic/AtomicLongArray");

  /** Of these classes, what looks up character sets, or starts tasks. */
  private static final Set<String> LOUD =
      Set.of(
          "java/lang/String.getBytes(Ljava/lang/String;)[B",
          "java/lang/String.<init>([BLjava/lang/String;)V",
          "java/lang/String.<init>([BIILjava/lang/String;)V");

  private static final String LOUD_PREFIX = "parallel";

  private static final Set<String> METHODS =
      Set.of(
          "java/lang/Object.<init>()V",
          "java/lang/Object.getClass()Ljava/lang/Class;",
          "java/lang/Record.<init>()V",
          "java/lang/Enum.<init>(Ljava/lang/String;I)V",
          "java/lang/Enum.ordinal()I",
          "java/lang/Enum.name()Ljava/lang/String;",
          "java/lang/Class.desiredAssertionStatus()Z",
          "java/lang/System.arraycopy(Ljava/lang/Object;ILjava/lang/Object;II)V",
          "java/lang/System.nanoTime()J",
          "java/lang/System.currentTimeMillis()J",
          "java/lang/System.identityHashCode(Ljava/lang/Object;)I",
          "java/lang/Thread.currentThread()Ljava/lang/Thread;",
          "java/lang/Thread.onSpinWait()V",
          "java/util/Objects.requireNonNull(Ljava/lang/Object;)Ljava/lang/Object;",
          "java/util/Objects.requireNonNull(Ljava/lang/Object;Ljava/lang/String;)"
              + "Ljava/lang/Object;",
          "java/util/Objects.isNull(Ljava/lang/Object;)Z",
          "java/util/Objects.nonNull(Ljava/lang/Object;)Z",
          "java/util/Objects.checkIndex(II)I",
          "java/util/ArrayList.<init>()V",
          "java/util/ArrayList.<init>(I)V",
          "java/util/HashMap.<init>()V",
          "java/util/HashMap.<init>(I)V",
          "java/util/HashSet.<init>()V");

  private QuietCalls() {}

  static boolean contains(MethodInsnNode call) {
    if (call.owner.charAt(0) == '[') {
      return call.name.equals("clone");
    }
    String method = call.owner + '.' + call.name + call.desc;
    return METHODS.contains(method)
        || (CLASSES.contains(call.owner)
            && !LOUD.contains(method)
            && !call.name.startsWith(LOUD_PREFIX)
            && (isEquals(call) || callsNothingItIsGiven(call)));
  }

  private static boolean isEquals(MethodInsnNode call) {
    return call.name.equals("equals") && call.desc.equals("(Ljava/lang/Object;)Z");
  }

  /** Whether there is no argument of a type with code of its own. */
  private static boolean callsNothingItIsGiven(MethodInsnNode call) {
    for (Type argument : Type.getArgumentTypes(call.desc)) {
      Type element = argument.getSort() == Type.ARRAY ? argument.getElementType() : argument;
      boolean harmless =
          element.getSort() != Type.OBJECT
              || element.getInternalName().equals("java/lang/String")
              || element.getInternalName().equals(call.owner);
      if (!harmless) {
        return false;
      }
    }
    return true;
  }
}
