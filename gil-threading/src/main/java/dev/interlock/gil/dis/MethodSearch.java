// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Finds the one method that a target means, in its class or in what that inherits from. */
final class MethodSearch {
  private final Target target;
  private final ClassLoader loader;

  MethodSearch(Target target, ClassLoader loader) {
    this.target = target;
    this.loader = loader;
  }

  /** A method and the file of the class that declares it. */
  record Found(ClassFile file, ClassFile.Code code) {}

  Found find() {
    ClassFile file = ClassFile.find(target.className(), loader).orElseThrow(this::noSuchClass);
    List<Found> found = inherited(file, new HashSet<>());
    if (found.isEmpty()) {
      throw noSuchMethod(file);
    }
    List<Found> written = found.stream().filter(one -> !isBridge(one)).toList();
    List<Found> chosen = written.isEmpty() ? found : written;
    if (chosen.size() > 1) {
      throw ambiguous(chosen);
    }
    return chosen.get(0);
  }

  private static boolean isBridge(Found found) {
    return (found.code.method().access & Opcodes.ACC_BRIDGE) != 0;
  }

  /** Those of the class itself; if it has none, those of the first ancestor that has some. */
  private List<Found> inherited(ClassFile file, Set<String> seen) {
    List<Found> own = new ArrayList<>();
    for (ClassFile.Code code : file.methods()) {
      if (target.means(code.method().name, code.method().desc)) {
        own.add(new Found(file, code));
      }
    }
    ClassNode node = file.node();
    if (!own.isEmpty() || target.method().startsWith("<") || !seen.add(node.name)) {
      return own;
    }
    for (String ancestor : ancestors(node)) {
      List<Found> above =
          ClassFile.read(ancestor, loader).map(found -> inherited(found, seen)).orElse(List.of());
      if (!above.isEmpty()) {
        return above;
      }
    }
    return own;
  }

  private static Set<String> ancestors(ClassNode node) {
    Set<String> ancestors = new LinkedHashSet<>();
    Optional.ofNullable(node.superName).ifPresent(ancestors::add);
    ancestors.addAll(node.interfaces);
    return ancestors;
  }

  private DisassemblyException noSuchClass() {
    List<String> near = ClassNames.near(target.className(), loader);
    return new DisassemblyException(
        "There is no class "
            + target.className()
            + " on the class path. "
            + (near.isEmpty()
                ? "Give its full name, and its jar or directory with --classpath."
                : "Did you mean " + alternatives(near) + "?"));
  }

  private DisassemblyException noSuchMethod(ClassFile file) {
    String name = TypeNames.full(file.node().name);
    List<MethodNode> methods = file.methods().stream().map(ClassFile.Code::method).toList();
    List<String> overloads =
        methods.stream()
            .filter(method -> method.name.equals(target.method()))
            .map(method -> written(name, method, false))
            .toList();
    if (!overloads.isEmpty()) {
      return new DisassemblyException(
          name
              + " has no method "
              + target.method()
              + " with these parameters. It has "
              + String.join(", ", overloads)
              + ".");
    }
    Set<String> names =
        methods.stream()
            .filter(method -> (method.access & Opcodes.ACC_SYNTHETIC) == 0)
            .map(method -> method.name)
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> near = NearMatches.of(target.method(), names);
    return new DisassemblyException(
        name
            + " has no method "
            + target.method()
            + ". "
            + (near.isEmpty()
                ? "It has " + String.join(", ", names) + "."
                : "Did you mean "
                    + alternatives(near.stream().map(one -> name + "#" + one).toList())
                    + "?"));
  }

  private DisassemblyException ambiguous(List<Found> found) {
    String name = TypeNames.full(found.get(0).file.node().name);
    boolean simpleIsEnough =
        found.stream().map(one -> TypeNames.parameters(one.code.method().desc)).distinct().count()
            == found.size();
    boolean fullIsEnough =
        found.stream()
                .map(one -> TypeNames.fullParameters(one.code.method().desc))
                .distinct()
                .count()
            == found.size();
    return new DisassemblyException(
        name
            + " has "
            + found.size()
            + " methods "
            + target.method()
            + ". Write one of: "
            + found.stream()
                .map(one -> one.code.method())
                .map(
                    method ->
                        fullIsEnough
                            ? written(name, method, !simpleIsEnough)
                            : name + "#" + method.name + method.desc)
                .map(one -> "'" + one + "'")
                .collect(Collectors.joining(", "))
            + ".");
  }

  private static String written(String className, MethodNode method, boolean full) {
    return className
        + "#"
        + method.name
        + (full ? TypeNames.fullParameters(method.desc) : TypeNames.parameters(method.desc));
  }

  private static String alternatives(List<String> names) {
    return String.join(" or ", names);
  }
}
