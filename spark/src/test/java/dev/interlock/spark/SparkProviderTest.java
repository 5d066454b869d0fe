// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Capability;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SparkProviderTest {
  /** Of Spark's jars, those that Interlock brings itself. */
  private static final Set<String> SHARED = Set.of("guava", "failureaccess", "slf4j-api");

  @Test
  void withSparkThereIsNoProblem() {
    SparkProvider provider = new SparkProvider();
    assertThat(provider.problems()).isEmpty();
    assertThat(provider.strategy()).isEqualTo("spark");
    assertThat(provider.capabilities()).contains(Capability.COPIED_TASKS);
  }

  @Test
  void withoutSparkTheProviderLoadsAndSaysWhatIsMissing() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader bare = new URLClassLoader(withoutSpark(), platform())) {
      Thread.currentThread().setContextClassLoader(bare);
      Class<?> provider = bare.loadClass(SparkProvider.class.getName());
      assertThat(provider).isNotEqualTo(SparkProvider.class);
      Object problems =
          provider.getMethod("problems").invoke(provider.getConstructor().newInstance());
      assertThat((List<?>) problems)
          .singleElement()
          .asString()
          .contains("Apache Spark is not on the class path", "spark-core_2.13");

      Class<?> interlock = bare.loadClass("dev.interlock.Interlock");
      assertThatThrownBy(() -> interlock.getMethod("open", String.class).invoke(null, "spark"))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("spark")
          .hasMessageContaining("Apache Spark is not on the class path");
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private static ClassLoader platform() {
    return ClassLoader.getPlatformClassLoader();
  }

  private static URL[] withoutSpark() throws MalformedURLException {
    Set<Path> spark = new HashSet<>(SparkJars.all());
    List<URL> urls = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      String name = String.valueOf(path.getFileName()).replaceFirst("-\\d.*", "");
      if (!spark.contains(path) || SHARED.contains(name)) {
        urls.add(path.toUri().toURL());
      }
    }
    return urls.toArray(new URL[0]);
  }
}
