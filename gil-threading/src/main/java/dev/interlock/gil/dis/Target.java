// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;

/**
 * What to disassemble, as people write it: {@code com.acme.Bar#baz}, {@code Bar#baz(int,String)},
 * {@code Bar#baz(ILjava/lang/String;)V}.
 *
 * @param className the class; empty if only a method was written
 * @param method the method
 * @param descriptor its descriptor, if one was written
 * @param parameters its parameter types, if these were written
 */
record Target(
    String className,
    String method,
    @Nullable String descriptor,
    @Nullable List<String> parameters) {

  /** Reads {@code CLASS#METHOD}. */
  static Target of(String written) {
    int hash = written.indexOf('#');
    if (hash < 1 || hash == written.length() - 1) {
      throw new DisassemblyException(
          "'"
              + written
              + "' names no method. Write it as CLASS#METHOD, such as java.util.ArrayList#add.");
    }
    return method(written.substring(0, hash).strip(), written.substring(hash + 1));
  }

  /** Reads the part behind the hash. */
  static Target method(String className, String written) {
    String text = written.replaceAll("\\s", "");
    int open = text.indexOf('(');
    if (open < 0) {
      return new Target(className, text, null, null);
    }
    String method = text.substring(0, open);
    int close = text.lastIndexOf(')');
    if (close < open) {
      throw new DisassemblyException(
          "'" + written + "' lacks the closing parenthesis behind its parameter types.");
    }
    if (close < text.length() - 1) {
      return new Target(className, method, text.substring(open), null);
    }
    return new Target(className, method, null, types(text.substring(open + 1, close)));
  }

  /** Generic arguments are left out, as the compiler does. */
  private static List<String> types(String text) {
    List<String> types = new ArrayList<>();
    StringBuilder type = new StringBuilder();
    int depth = 0;
    for (char character : (text + ",").toCharArray()) {
      if (character == '<') {
        depth++;
      } else if (character == '>') {
        depth--;
      } else if (depth == 0 && character == ',') {
        types.add(type.toString().replace("...", "[]").replace('$', '.'));
        type.setLength(0);
      } else if (depth == 0) {
        type.append(character);
      }
    }
    return types.equals(List.of("")) ? List.of() : types;
  }

  /** Whether it says which of the methods of its name it means. */
  boolean isExact() {
    return descriptor != null || parameters != null;
  }

  /** Whether it may mean the method of this name with this descriptor. */
  boolean means(String name, String actual) {
    return method.equals(name)
        && (descriptor == null || descriptor.equals(actual))
        && (parameters == null || areTypes(parameters, Type.getArgumentTypes(actual)));
  }

  private static boolean areTypes(List<String> written, Type[] actual) {
    if (written.size() != actual.length) {
      return false;
    }
    for (int i = 0; i < actual.length; i++) {
      String full = actual[i].getClassName().replace('$', '.');
      if (!full.equals(written.get(i)) && !full.endsWith("." + written.get(i))) {
        return false;
      }
    }
    return true;
  }
}
