// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import dev.interlock.gil.instrument.CodeFilter;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;

/**
 * Which classes are instrumented: all but the JDK's, Interlock's own and those that the options
 * name. Immutable.
 */
final class CodeSelection implements CodeFilter {

  /** Why a class is left alone. */
  enum Reason {
    /** It belongs to the JDK, or has a name like that. */
    JDK("of the JDK"),
    /** It is part of Interlock, and runs between tasks or under the lock itself. */
    RUNTIME("of Interlock"),
    /** An option says so. */
    EXCLUDED("excluded by an option");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final List<String> JDK = List.of("java/", "javax/", "jdk/", "sun/", "com/sun/");

  /** In the JDK, but libraries have classes of these packages too: those are instrumented. */
  private static final List<String> PARTLY_JDK =
      List.of("org/xml/sax/", "org/w3c/dom/", "org/ietf/jgss/");

  /** Core and the strategies; not examples, tests or benchmarks, which have code of tasks. */
  private static final Pattern RUNTIME =
      Pattern.compile(
          "dev/interlock/([^/]+|(spi|config|codec|gil|process|subinterpreter|freethreaded)/.*)");

  /** ASM, under whatever name this jar has it. */
  private static final String ASM = ClassReader.class.getPackageName().replace('.', '/') + "/";

  private final AgentOptions options;

  CodeSelection(AgentOptions options) {
    this.options = options;
  }

  @Override
  public boolean isInstrumented(String internalName) {
    return whyNot(internalName) == null && !startsWithAny(internalName, PARTLY_JDK);
  }

  /** Why the class is left alone; null if it is not. */
  @Nullable Reason whyNot(String internalName) {
    String name = internalName.replace('/', '.');
    if (matchesAny(name, options.instrument())) {
      return null;
    }
    if (startsWithAny(internalName, JDK)) {
      return Reason.JDK;
    }
    if (internalName.startsWith(ASM) || RUNTIME.matcher(internalName).matches()) {
      return Reason.RUNTIME;
    }
    return matchesAny(name, options.exclude()) ? Reason.EXCLUDED : null;
  }

  private static boolean startsWithAny(String name, List<String> prefixes) {
    for (String prefix : prefixes) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesAny(String name, List<NamePattern> patterns) {
    for (NamePattern pattern : patterns) {
      if (pattern.matches(name)) {
        return true;
      }
    }
    return false;
  }
}
