// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brackets the JDK's methods that block, and knows which of them this JDK has.
 *
 * <p>It loads their classes first and changes all of them at once: a class that a transformer
 * itself makes the JVM load is not transformed. It stays a transformer afterwards, because whoever
 * retransforms a class has all transformers run anew.
 */
final class BracketInstaller implements ClassFileTransformer {
  private static final String NATIVE = "native on this JDK: it has no code to change";
  private static final String NO_METHOD = "no such method on this JDK";
  private static final String NO_CLASS = "no such class on this JDK";

  private final Map<String, List<Bracket>> byOwner =
      Brackets.ALL.stream().collect(Collectors.groupingBy(Bracket::owner));
  private final Set<Bracket> found = ConcurrentHashMap.newKeySet();
  private final Map<Bracket, String> missing = new ConcurrentHashMap<>();

  /** Brackets what there is. The gate must be there. */
  void install(Instrumentation instrumentation) {
    List<Class<?>> classes = new ArrayList<>();
    byOwner.forEach((owner, brackets) -> addIfThere(owner, brackets, classes));
    instrumentation.addTransformer(this, true);
    Retransformation.of(instrumentation, classes)
        .forEach((type, reason) -> miss(byOwner.get(internalName(type)), reason));
  }

  private void addIfThere(String owner, List<Bracket> brackets, List<Class<?>> to) {
    try {
      to.add(Class.forName(owner.replace('/', '.'), false, null));
    } catch (ClassNotFoundException e) {
      miss(brackets, NO_CLASS);
    }
  }

  private void miss(@Nullable List<Bracket> brackets, String reason) {
    if (brackets != null) {
      for (Bracket bracket : brackets) {
        found.remove(bracket);
        missing.put(bracket, reason);
      }
    }
  }

  private static String internalName(Class<?> type) {
    return type.getName().replace('.', '/');
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> classBeingRedefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    List<Bracket> brackets = loader == null && className != null ? byOwner.get(className) : null;
    if (brackets == null) {
      return null;
    }
    try {
      BracketWriter.Written written = BracketWriter.write(classFile, brackets);
      for (Bracket bracket : brackets) {
        note(bracket, written);
      }
      return written.classFile();
    } catch (Throwable e) { // out of a transformer it would be swallowed
      miss(brackets, e.toString());
      return null;
    }
  }

  private void note(Bracket bracket, BracketWriter.Written written) {
    if (written.brackets().contains(bracket)) {
      found.add(bracket);
    } else {
      missing.put(bracket, written.nativeOnes().contains(bracket) ? NATIVE : NO_METHOD);
    }
  }

  /** The methods that are bracketed. */
  Set<String> found() {
    return found.stream().map(Bracket::toString).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The methods that are not, each with the reason. */
  Map<String, String> missing() {
    Map<String, String> reasons = new TreeMap<>();
    missing.forEach((bracket, reason) -> reasons.put(bracket.toString(), reason));
    return reasons;
  }

  /** The kinds of blocking of which this JDK has no method of the table. */
  Set<String> uncovered() {
    Set<BlockingKind> kinds = EnumSet.allOf(BlockingKind.class);
    found.forEach(bracket -> kinds.remove(bracket.kind()));
    return kinds.stream()
        .map(BlockingKind::toString)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
