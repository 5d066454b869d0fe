// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import dev.interlock.gil.instrument.ClassInstrumenter;
import dev.interlock.gil.instrument.Instrumented;
import dev.interlock.gil.instrument.SwitchPoints;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Instruments the classes of the application as they are loaded. It never throws: what fails is
 * left as it is, and kept with the reason. It runs inside class loading on any thread, so it loads
 * no class of the application and waits for nothing. Thread-safe.
 */
final class CodeTransformer implements ClassFileTransformer {
  private static final String NOTHING_TO_INSERT = "nothing to insert";
  private static final String UNNAMED = "without a name";

  /** From then on, classes of these names get these points; the last rule that matches counts. */
  private record Rule(NamePattern pattern, SwitchPoints points) {}

  private final CodeSelection selection;
  private final ClassInstrumenter instrumenter;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();

  private final LongAdder instrumented = new LongAdder();
  private final Map<String, LongAdder> leftAlone = new ConcurrentHashMap<>();
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final Set<String> nativeMethods = ConcurrentHashMap.newKeySet();
  private final Set<String> tooLarge = ConcurrentHashMap.newKeySet();

  /** Loaded classes are transformed for the first time, so they are counted. */
  private volatile boolean catchingUp;

  /** Where no rule says otherwise, bytecodes are counted. */
  private volatile boolean counting;

  CodeTransformer(AgentOptions options) {
    this.selection = new CodeSelection(options);
    this.instrumenter = new ClassInstrumenter(selection);
    options.fine().forEach(pattern -> addRule(pattern, SwitchPoints.FINE));
  }

  /** Loads what instrumenting needs, so that it is not loaded inside the loading of a class. */
  void preload() throws IOException {
    String file = CodeTransformer.class.getSimpleName() + ".class";
    try (InputStream in =
        Objects.requireNonNull(CodeTransformer.class.getResourceAsStream(file), file)) {
      byte[] classFile = in.readAllBytes();
      for (SwitchPoints points : SwitchPoints.values()) {
        instrumenter.instrument(classFile, points);
      }
    }
    count(NOTHING_TO_INSERT, 0);
  }

  void addRule(NamePattern pattern, SwitchPoints points) {
    rules.removeIf(rule -> rule.pattern().toString().equals(pattern.toString()));
    rules.add(new Rule(pattern, points));
  }

  /** Whether this is new. */
  boolean startCounting() {
    boolean isNew = !counting;
    counting = true;
    return isNew;
  }

  /** Says whether loaded classes are about to be transformed for the first time. */
  void catchingUp(boolean isIt) {
    catchingUp = isIt;
  }

  /** Whether this transformer has something to do with the class. */
  boolean isFor(Class<?> type) {
    return !isOfJdk(type.getClassLoader())
        && selection.whyNot(type.getName().replace('.', '/')) == null;
  }

  /** A class could not be retransformed. */
  void failed(String className, String reason) {
    failures.put(className, reason);
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> classBeingRedefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    if (isOfJdk(loader)) {
      return null;
    }
    boolean first = classBeingRedefined == null || catchingUp;
    try {
      CodeSelection.Reason reason = className == null ? null : selection.whyNot(className);
      if (className == null || reason != null) {
        count(reason == null ? UNNAMED : reason.toString(), first ? 1 : 0);
        return null;
      }
      Instrumented result = instrumenter.instrument(classFile, points(className));
      note(result, first);
      return result.classFile();
    } catch (Throwable e) { // out of a transformer it would be swallowed
      failed(String.valueOf(className).replace('/', '.'), e.toString());
      return null;
    }
  }

  private static boolean isOfJdk(@Nullable ClassLoader loader) {
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  private SwitchPoints points(String internalName) {
    SwitchPoints points = SwitchPoints.COARSE;
    if (!rules.isEmpty()) {
      String name = internalName.replace('/', '.');
      for (Rule rule : rules) {
        if (rule.pattern().matches(name)) {
          points = rule.points();
        }
      }
    }
    return points == SwitchPoints.COARSE && counting ? SwitchPoints.COUNTING : points;
  }

  private void note(Instrumented result, boolean first) {
    String name = result.className().replace('/', '.');
    result.nativeMethods().forEach(method -> nativeMethods.add(name + "." + method));
    result.tooLarge().forEach(method -> tooLarge.add(name + "." + method));
    if (!first) {
      return;
    }
    if (result.classFile() == null) {
      count(NOTHING_TO_INSERT, 1);
    } else {
      instrumented.increment();
    }
  }

  private void count(String reason, int classes) {
    leftAlone.computeIfAbsent(reason, any -> new LongAdder()).add(classes);
  }

  long instrumented() {
    return instrumented.sum();
  }

  Map<String, Long> leftAlone() {
    Map<String, Long> counts = new TreeMap<>();
    leftAlone.forEach(
        (reason, classes) -> {
          if (classes.sum() > 0) {
            counts.put(reason, classes.sum());
          }
        });
    return counts;
  }

  Map<String, String> failures() {
    return new TreeMap<>(failures);
  }

  List<String> nativeMethods() {
    return new ArrayList<>(new TreeSet<>(nativeMethods));
  }

  List<String> tooLarge() {
    return new ArrayList<>(new TreeSet<>(tooLarge));
  }
}
