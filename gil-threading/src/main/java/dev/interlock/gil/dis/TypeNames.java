// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.objectweb.asm.Type;

/** Types as people write them. */
final class TypeNames {
  private TypeNames() {}

  /** Without the package: {@code int[]}, {@code Map$Entry}. */
  static String simple(Type type) {
    String name = type.getClassName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Of an internal name, which may be that of an array. */
  static String simple(String internalName) {
    return simple(Type.getObjectType(internalName));
  }

  /** With the package. */
  static String full(String internalName) {
    return Type.getObjectType(internalName).getClassName();
  }

  /** {@code (int,String)}. */
  static String parameters(String descriptor) {
    return parameters(descriptor, TypeNames::simple);
  }

  /** {@code (int,java.lang.String)}. */
  static String fullParameters(String descriptor) {
    return parameters(descriptor, Type::getClassName);
  }

  private static String parameters(String descriptor, Function<Type, String> written) {
    return Arrays.stream(Type.getArgumentTypes(descriptor))
        .map(written)
        .collect(Collectors.joining(",", "(", ")"));
  }

  /** What a method returns. */
  static String result(String descriptor) {
    return simple(Type.getReturnType(descriptor));
  }
}
