// SPDX-License-Identifier: Apache-2.0
package dev.interlock.underfire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** Classes are initialized by one of several tasks that want them at once, and block meanwhile. */
@Tag("instrumented")
@Timeout(120)
class InitializersUnderFireTest {
  private static final int TASKS = 6;

  /** All tasks may wait for one class at a time, and its initializer for one task more. */
  private static final int WORKERS = TASKS + 1;

  private Arena arena;

  @BeforeEach
  void open() {
    arena = new Arena(WORKERS, Duration.ofNanos(1));
    Initializers.executor = arena.executor;
  }

  @AfterEach
  void close() {
    arena.close();
    Initializers.executor = null;
  }

  @RepeatedTest(5)
  void oneSleeps() throws Exception {
    everyTaskUses(Initializers.Sleeps.class);
  }

  @RepeatedTest(5)
  void oneLoops() throws Exception {
    everyTaskUses(Initializers.Loops.class);
  }

  @RepeatedTest(5)
  void oneWaitsForATaskOfTheSameExecutor() throws Exception {
    everyTaskUses(Initializers.WaitsForATask.class);
  }

  @RepeatedTest(5)
  void oneThrows() throws Exception {
    Class<?> fresh =
        new FreshLoader(Initializers.Throws.class).loadClass(Initializers.Throws.class.getName());
    List<Throwable> failures = new ArrayList<>();
    arena.run(
        TASKS,
        100,
        () -> {
          try {
            call(fresh);
          } catch (LinkageError e) {
            failures.add(e);
          }
          for (int i = 0; i < 100; i++) {
            arena.update();
          }
        });
    assertThat(failures).hasSize(TASKS);
  }

  private void everyTaskUses(Class<?> type) throws Exception {
    Class<?> fresh = new FreshLoader(type).loadClass(type.getName());
    List<Object> values = new ArrayList<>();
    arena.run(
        TASKS,
        100,
        () -> {
          values.add(call(fresh));
          for (int i = 0; i < 100; i++) {
            arena.update();
          }
        });
    assertThat(values).hasSize(TASKS);
    assertThat(values.stream().distinct()).hasSize(1);
  }

  /** The first constructor call runs the initializer; an error out of it stays what it is. */
  private static Object call(Class<?> type) throws Exception {
    try {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return ((Callable<?>) constructor.newInstance()).call();
    } catch (InvocationTargetException e) {
      throw (Exception) e.getCause();
    }
  }

  /** Defines one class anew, so that its initializer runs once more. */
  private static final class FreshLoader extends ClassLoader {
    private final String only;

    FreshLoader(Class<?> type) {
      super(type.getClassLoader());
      only = type.getName();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.equals(only)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
          byte[] bytes = in.readAllBytes();
          return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
          throw new ClassNotFoundException(name, e);
        }
      }
    }
  }
}
