// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import dev.interlock.gil.agent.GilAgent;
import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;

/**
 * Shows methods as bytecode, after Python's {@code dis}, with the places marked where the
 * interpreter lock can change hands.
 *
 * <p>It reads class files as resources of class loaders: a class is neither loaded nor initialized
 * for it. So a class that has no class file, such as one defined at run time, cannot be shown, and
 * changes by agents are not seen.
 *
 * <p>Thread-safe. Every method throws {@link DisassemblyException} if there is no such class or
 * method, or several methods are meant; the message says what to ask for instead.
 *
 * @see <a href="https://docs.python.org/3/library/dis.html">Python's dis</a>
 */
public final class Disassembler {
  private Disassembler() {}

  /** A method or a constructor. */
  public static CodeObject of(Executable method) {
    String name = method instanceof Method ? method.getName() : "<init>";
    String descriptor =
        method instanceof Method one
            ? Type.getMethodDescriptor(one)
            : Type.getConstructorDescriptor((Constructor<?>) method);
    return of(method.getDeclaringClass(), name + descriptor);
  }

  /**
   * The method of that name that {@code type} declares or inherits.
   *
   * @param method its name; where there are several, with their parameter types, such as {@code
   *     add(int,Object)}, or with their descriptor
   */
  public static CodeObject of(Class<?> type, String method) {
    return find(Target.method(type.getName(), method), type.getClassLoader());
  }

  /**
   * The body of a lambda, or the method that a method reference calls.
   *
   * @param lambda one of an interface that is {@link Serializable}, such as {@link
   *     dev.interlock.Task}
   */
  public static CodeObject of(Serializable lambda) {
    SerializedLambda form = serializedForm(lambda);
    return find(
        Target.method(
            form.getImplClass().replace('/', '.'),
            form.getImplMethodName() + form.getImplMethodSignature()),
        lambda.getClass().getClassLoader());
  }

  /**
   * What {@code target} names: {@code com.acme.Bar#baz}, {@code com.acme.Bar#baz(int,String)},
   * {@code com.acme.Bar#baz(ILjava/lang/String;)V}, {@code com.acme.Bar#<init>}.
   *
   * @param loader finds the class files
   */
  public static CodeObject of(String target, ClassLoader loader) {
    return find(Target.of(target), loader);
  }

  private static CodeObject find(Target target, @Nullable ClassLoader loader) {
    MethodSearch.Found found =
        new MethodSearch(target, loader == null ? ClassLoader.getPlatformClassLoader() : loader)
            .find();
    return new CodeReading(found.file(), GilAgent.selection()).read(found.code());
  }

  private static SerializedLambda serializedForm(Serializable lambda) {
    try {
      Method writeReplace = lambda.getClass().getDeclaredMethod("writeReplace");
      writeReplace.setAccessible(true);
      if (writeReplace.invoke(lambda) instanceof SerializedLambda form) {
        return form;
      }
    } catch (NoSuchMethodException e) {
      throw noLambda(lambda, e);
    } catch (InvocationTargetException | IllegalAccessException | RuntimeException e) {
      throw new DisassemblyException(
          "The serialized form of " + lambda.getClass().getName() + " cannot be had: " + e + ".",
          e);
    }
    throw noLambda(lambda, null);
  }

  private static DisassemblyException noLambda(Serializable object, @Nullable Exception cause) {
    return new DisassemblyException(
        object.getClass().getName()
            + " is neither a lambda nor a method reference. Ask for a method of its class.",
        cause);
  }
}
