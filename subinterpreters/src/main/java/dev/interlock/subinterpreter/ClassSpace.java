// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where interpreters get their classes: a class path, and which packages they share. There is one
 * in the process for each application loader and configuration, however many interpreters and
 * executors use it.
 *
 * <p>When the last user releases it, its jars are closed. What was read from them is kept, softly,
 * and used again if the jars have not changed: so that making one interpreter after the other does
 * not read everything each time.
 *
 * <p><b>Concurrency.</b> The class's lock guards the spaces in use, their counts, and the indexes
 * that sleep. Jars are opened under it; no user code runs.
 */
final class ClassSpace {
  /** What makes two spaces the same. Loaders are compared by identity. */
  private record Key(
      ClassLoader application, String classPath, List<String> shared, List<String> isolated) {}

  /** A closed index and what it was of. It refers to no loader. */
  private record Asleep(String classPath, ClassPathIndex index) {}

  private static final Map<Key, ClassSpace> inUse = new HashMap<>();
  private static final Map<ClassLoader, SoftReference<Asleep>> asleep = new WeakHashMap<>();
  private static @Nullable Set<String> strategies;

  private final Key key;
  private final ClassPathIndex index;
  private final SharedPackages shared;
  private final TaskCodec codec;
  private int users;

  private ClassSpace(Key key, ClassPathIndex index) {
    this.key = key;
    this.index = index;
    this.shared = new SharedPackages(key.application, strategies(), key.shared, key.isolated);
    this.codec = new TaskCodec(key.application);
  }

  /** The loader of the classes that the current thread works with. */
  static ClassLoader context() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : Objects.requireNonNull(ClassSpace.class.getClassLoader());
  }

  /** The loader of the application that the current thread works for, also in an interpreter. */
  static ClassLoader application() {
    return context() instanceof InterpreterLoader interpreter
        ? interpreter.application()
        : context();
  }

  /**
   * The space for one more user, who must {@link #release} it.
   *
   * @throws IOException if a jar cannot be read
   */
  static ClassSpace acquire(ClassLoader application, SubinterpreterOptions options)
      throws IOException {
    Key key =
        new Key(
            application,
            System.getProperty("java.class.path", ""),
            options.sharedPackages(),
            options.isolatedPackages());
    synchronized (ClassSpace.class) {
      ClassSpace space = inUse.get(key);
      if (space == null) {
        space = new ClassSpace(key, open(key));
        inUse.put(key, space);
      }
      space.users++;
      return space;
    }
  }

  private static ClassPathIndex open(Key key) throws IOException {
    SoftReference<Asleep> kept = asleep.remove(key.application);
    Asleep known = kept == null ? null : kept.get();
    ClassPathIndex again =
        known == null || !known.classPath.equals(key.classPath) ? null : known.index.again();
    return again != null ? again : new ClassPathIndex(ClassPath.of(key.application));
  }

  private static Set<String> strategies() {
    Set<String> known = strategies;
    if (known == null) {
      known =
          Strategies.find().all().stream()
              .map(ExecutorProvider::getClass)
              .map(Class::getPackageName)
              .collect(Collectors.toUnmodifiableSet());
      strategies = known;
    }
    return known;
  }

  /** One more user of this space, which the caller uses itself. */
  ClassSpace share() {
    synchronized (ClassSpace.class) {
      users++;
      return this;
    }
  }

  /** One user less; after the last one the jars are closed. */
  void release() {
    synchronized (ClassSpace.class) {
      users--;
      if (users == 0) {
        inUse.remove(key);
        index.close();
        asleep.put(key.application, new SoftReference<>(new Asleep(key.classPath, index)));
      }
    }
  }

  ClassPathIndex index() {
    return index;
  }

  SharedPackages shared() {
    return shared;
  }

  /** Encodes and decodes for the application. */
  TaskCodec codec() {
    return codec;
  }
}
