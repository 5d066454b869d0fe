// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import dev.interlock.Interlock;
import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.isolation.common.Board;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** What an interpreter has of its own, and what it has in common with the application. */
@Timeout(120)
@ExtendWith(LeakCheck.class)
class IsolationTest {
  private TaskExecutor executor;

  @BeforeEach
  void open() {
    executor = Interlock.builder().strategy("subinterpreters").workers(1).open();
  }

  @AfterEach
  void close() {
    executor.close();
  }

  private <T> T run(Task<T> task) throws Exception {
    return Waiting.get(executor.submit(task));
  }

  @Test
  void staticsAreTheInterpretersOwn() throws Exception {
    Jobs.counter = 100;
    assertThat(run(Jobs::count)).isEqualTo(1);
    assertThat(run(Jobs::count)).isEqualTo(2);
    assertThat(Jobs.counter).isEqualTo(100);
    try (TaskExecutor other = Interlock.builder().strategy("subinterpreters").workers(1).open()) {
      assertThat(Waiting.get(other.submit(Jobs::count))).isEqualTo(1);
    }
    assertThat(run(Jobs::count)).isEqualTo(3);
  }

  private static int identity(Class<?> type) {
    return System.identityHashCode(type);
  }

  @Test
  void userClassesAndLibrariesAreLoadedAnew() throws Exception {
    assertThat(run(() -> identity(Jobs.class))).isNotEqualTo(identity(Jobs.class));
    assertThat(run(() -> identity(Waiting.class))).isNotEqualTo(identity(Waiting.class));
    assertThat(run(() -> identity(Test.class))).isNotEqualTo(identity(Test.class));
  }

  @Test
  void jdkAndApiClassesAreShared() throws Exception {
    assertThat(run(() -> identity(String.class))).isEqualTo(identity(String.class));
    assertThat(run(() -> identity(java.sql.Date.class))).isEqualTo(identity(java.sql.Date.class));
    assertThat(run(() -> identity(ToolProvider.class))).isEqualTo(identity(ToolProvider.class));
    assertThat(run(() -> identity(Task.class))).isEqualTo(identity(Task.class));
    assertThat(run(() -> identity(Logger.class))).isEqualTo(identity(Logger.class));
    assertThat(run(() -> identity(ListenableFuture.class)))
        .isEqualTo(identity(ListenableFuture.class));
  }

  @Test
  void configuredPackagesAreShared() throws Exception {
    Board.notice = "by the application";
    assertThat(run(() -> Board.notice)).isEmpty();
    try (TaskExecutor sharing =
        Interlock.builder()
            .strategy("subinterpreters")
            .workers(1)
            .set("subinterpreters.shared-packages", List.of("dev.interlock.isolation.common"))
            .open()) {
      assertThat(Waiting.get(sharing.submit(() -> Board.notice))).isEqualTo("by the application");
      assertThat(Waiting.get(sharing.submit(() -> identity(Jobs.class))))
          .isNotEqualTo(identity(Jobs.class));
    }
  }

  @Test
  void contextLoaderIsTheInterpreters() throws Exception {
    assertThat(
            run(
                () ->
                    Thread.currentThread().getContextClassLoader() == Jobs.class.getClassLoader()))
        .isTrue();
    run(
        () -> {
          Thread.currentThread().setContextClassLoader(null);
          return null;
        });
    assertThat(run(() -> Thread.currentThread().getContextClassLoader() != null)).isTrue();
  }

  @Test
  void classesKnowWhereTheyComeFrom() throws Exception {
    assertThat(run(() -> origin(Jobs.class))).isEqualTo(origin(Jobs.class));
    assertThat(run(() -> origin(Test.class))).isEqualTo(origin(Test.class));
    assertThat(run(() -> Test.class.getPackage().getImplementationTitle()))
        .isNotNull()
        .isEqualTo(Test.class.getPackage().getImplementationTitle());
  }

  private static String origin(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().toString();
  }

  @Test
  void resourcesAreFound() throws Exception {
    assertThat(run(() -> resource("resource.txt"))).isEqualTo("found\n");
    assertThat(run(() -> resource("/META-INF/services/dev.interlock.isolation.Greeter")))
        .isEqualTo("dev.interlock.isolation.Greeter$English\n");
    assertThat(run(() -> resource("none.txt"))).isNull();
    assertThat(run(() -> defaults())).hasSize(2).isEqualTo(defaults());
    assertThat(run(() -> content(Jobs.class.getResource("resource.txt")))).isEqualTo("found\n");
    assertThat(run(() -> content(Jobs.class.getResource("/org/junit/jupiter/api/Test.class"))))
        .isEqualTo(content(Jobs.class.getResource("/org/junit/jupiter/api/Test.class")));
  }

  private static String resource(String name) throws Exception {
    try (InputStream content = Jobs.class.getResourceAsStream(name)) {
      return content == null ? null : new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String content(URL url) throws Exception {
    try (InputStream content = url.openStream()) {
      return new String(content.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static List<String> defaults() throws Exception {
    return Collections.list(Jobs.class.getClassLoader().getResources("reference.conf")).stream()
        .map(URL::toString)
        .toList();
  }

  @Test
  void servicesAreFound() throws Exception {
    assertThat(
            run(
                () ->
                    ServiceLoader.load(Greeter.class).stream()
                        .map(provider -> provider.get().greeting())
                        .toList()))
        .containsExactly("hello");
  }

  @Test
  void taskMayOpenAnExecutorOfItsOwn() throws Exception {
    int inner =
        run(
            () -> {
              Jobs.counter = 50;
              try (TaskExecutor own =
                  Interlock.builder().strategy("subinterpreters").workers(1).open()) {
                return own.submit(Jobs::count).get();
              }
            });
    assertThat(inner).isEqualTo(1);
    assertThat(run(Jobs::count)).isEqualTo(51);
  }

  @Test
  @SuppressWarnings("unchecked")
  void classesOfTheContextLoaderAreSeen(@TempDir Path directory) throws Exception {
    Path source = directory.resolve("Plugin.java");
    Files.writeString(
        source,
        "public class Plugin implements dev.interlock.Task<String> { static int n;"
            + " public String call() { return getClass().getClassLoader() + \" \" + ++n; } }");
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-nowarn",
                "-cp",
                Path.of(Task.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                    .toString(),
                "-d",
                directory.toString(),
                source.toString());
    assertThat(result).isZero();
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    try (URLClassLoader plugins = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      thread.setContextClassLoader(plugins);
      try (TaskExecutor own =
          Interlock.builder().strategy("subinterpreters").workers(1).name("own").open()) {
        Callable<String> plugin =
            (Callable<String>) plugins.loadClass("Plugin").getConstructor().newInstance();
        assertThat(Waiting.get(own.submit(plugin))).isEqualTo("own-interpreter-1 1");
        assertThat(Waiting.get(own.submit(plugin))).isEqualTo("own-interpreter-1 2");
      }
    } finally {
      thread.setContextClassLoader(context);
    }
  }
}
