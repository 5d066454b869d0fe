// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.lang.module.ModuleFinder;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The packages whose classes all interpreters have in common, and the loader of each.
 *
 * <ul>
 *   <li>The JDK's.
 *   <li>Interlock's own, by their exact names: code of users may live below {@code dev.interlock}.
 *       Objects of these types are what a task and its surroundings have in common.
 *   <li>What Interlock's API names (Guava, Typesafe Config, SLF4J, JSpecify): an isolated Guava
 *       would not fit the {@code ListenableFuture} that a {@code TaskFuture} is.
 *   <li>What Interlock works with underneath (Kryo, Chronicle): Chronicle takes 80 ms to load and
 *       is never collected, so it must not be loaded again.
 *   <li>What the user adds: with all packages below.
 * </ul>
 *
 * What the user isolates is taken out again, with all packages below; where one list names a
 * package and the other one above it, the longer name counts. Thread-safe.
 */
final class SharedPackages {
  private static final List<String> LIBRARIES =
      List.of(
          "com.google.common",
          "com.typesafe.config",
          "org.slf4j",
          "org.jspecify",
          "com.esotericsoftware",
          "net.openhft");

  private static final Set<String> INTERLOCK =
      Set.of(
          "dev.interlock",
          "dev.interlock.spi",
          "dev.interlock.codec",
          "dev.interlock.config",
          SharedPackages.class.getPackageName());

  private static final Map<String, ClassLoader> JDK = jdkPackages();

  /** What would break, or never be collected, if an interpreter had it on its own. */
  private static final Map<String, String> NOT_ISOLATED =
      Map.of(
          "net.openhft",
          "Chronicle starts threads and caches for the life of the JVM, so an interpreter with a"
              + " Chronicle of its own could never be unloaded",
          "org.jspecify",
          "it has annotations only");

  /** A loader by the trees of packages; empty for what each interpreter loads itself. */
  private final Map<String, Optional<ClassLoader>> trees = new HashMap<>();

  private final Map<String, ClassLoader> exact = new HashMap<>();
  private final ConcurrentMap<String, Optional<ClassLoader>> decided = new ConcurrentHashMap<>();
  private final ClassLoader application;

  /**
   * @param application loads the packages that the user shares
   * @param strategies the packages of all strategies: a task may open an executor of its own
   * @param configured packages to share with all that is below them
   * @param isolated packages not to share, with all that is below them
   */
  SharedPackages(
      ClassLoader application,
      Set<String> strategies,
      List<String> configured,
      List<String> isolated) {
    this.application = application;
    ClassLoader own = SharedPackages.class.getClassLoader();
    configured.forEach(name -> trees.put(name, Optional.of(application)));
    LIBRARIES.forEach(name -> trees.put(name, Optional.of(own)));
    isolated.forEach(name -> trees.put(name, Optional.empty()));
    strategies.forEach(name -> exact.put(name, own));
    INTERLOCK.forEach(name -> exact.put(name, own));
  }

  /** Loads what the user shares. */
  ClassLoader application() {
    return application;
  }

  /** The loader that all interpreters share for a class; null if each loads a class of its own. */
  @Nullable ClassLoader loaderOf(String className) {
    String name = className.substring(0, Math.max(0, className.lastIndexOf('.')));
    ClassLoader jdk = JDK.get(name);
    return jdk != null ? jdk : decided.computeIfAbsent(name, this::decide).orElse(null);
  }

  private Optional<ClassLoader> decide(String name) {
    Optional<ClassLoader> loader = Optional.ofNullable(exact.get(name));
    for (String tree = name; loader.isEmpty() && !tree.isEmpty(); tree = parent(tree)) {
      Optional<ClassLoader> found = trees.get(tree);
      if (found != null) {
        return found;
      }
    }
    return loader;
  }

  /** Why interpreters cannot each have a package of their own; null if they can. */
  static @Nullable String whyNotIsolated(String name) {
    if (JDK.containsKey(name) || name.equals("java") || name.startsWith("java.")) {
      return "it is a package of the JDK, which the JVM loads once";
    }
    if (INTERLOCK.contains(name)) {
      return "tasks and their surroundings have Interlock's own classes in common";
    }
    for (String tree = name; !tree.isEmpty(); tree = parent(tree)) {
      String reason = NOT_ISOLATED.get(tree);
      if (reason != null) {
        return reason;
      }
    }
    return null;
  }

  private static String parent(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('.')));
  }

  /** Not all of the boot layer: an application on the module path is part of that. */
  private static Map<String, ClassLoader> jdkPackages() {
    Set<String> system = new HashSet<>();
    ModuleFinder.ofSystem().findAll().forEach(module -> system.add(module.descriptor().name()));
    Map<String, ClassLoader> packages = new HashMap<>();
    for (Module module : ModuleLayer.boot().modules()) {
      if (system.contains(module.getName())) {
        ClassLoader loader =
            module.getClassLoader() == null
                ? ClassLoader.getPlatformClassLoader()
                : module.getClassLoader();
        module.getPackages().forEach(name -> packages.put(name, loader));
      }
    }
    return Map.copyOf(packages);
  }
}
