// SPDX-License-Identifier: Apache-2.0
package dev.interlock.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.interlock.ConfigurationException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force: code over system properties over environment over the application's
 * file over each module's {@code reference.conf}. A changed system property counts at the next
 * {@code open}; the application's file is read once for each context class loader, unless a system
 * property of its library names it.
 */
public final class Layers {
  private static final String ROOT = "interlock";

  /** What the application's file is, where it is not a resource called {@code application}. */
  private static final List<String> NAMED_FILES =
      List.of("config.file", "config.resource", "config.url");

  /** By context class loader: looking through all jars and parsing takes milliseconds. */
  private static final Map<ClassLoader, Sources> SOURCES =
      Collections.synchronizedMap(new WeakHashMap<>());

  /**
   * What one class loader has, and what came of it last: most programs open their executors alike.
   */
  private static final class Sources {
    final Config environment = environment();
    final Config reference;
    volatile @Nullable Config application;
    volatile @Nullable Result last;

    Sources(ClassLoader loader) {
      reference = parseReference(loader);
    }
  }

  /** Values that are equal to those of another call bring about the same configuration. */
  private record Result(
      Map<String, Object> code, Map<String, Object> properties, Set<String> foreign, Config all) {
    boolean isOf(Map<String, Object> code, Map<String, Object> properties, Set<String> foreign) {
      return this.code.equals(code)
          && this.properties.equals(properties)
          && this.foreign.equals(foreign);
    }
  }

  private Layers() {}

  /**
   * Puts the layers together and checks that every key exists.
   *
   * @param application what stands in for {@code application.conf}; null to look for that file
   * @param code what the program sets itself, by key relative to {@code interlock}
   * @param foreign names of strategies whose module is absent: their keys are let through
   * @throws ConfigurationException if a key is unknown or a file cannot be parsed
   */
  public static Config load(
      @Nullable Config application, Map<String, Object> code, Set<String> foreign) {
    try {
      Sources sources = SOURCES.computeIfAbsent(contextLoader(), Sources::new);
      Map<String, Object> properties = ownProperties();
      boolean usual =
          application == null
              && NAMED_FILES.stream().noneMatch(name -> System.getProperty(name) != null)
              && code.values().stream().allMatch(Layers::isImmutable);
      Result last = sources.last;
      if (usual && last != null && last.isOf(code, properties, foreign)) {
        return last.all();
      }
      Config chosen = application;
      if (chosen == null) {
        chosen = usual ? sources.application : null;
      }
      if (chosen == null) {
        chosen = ConfigFactory.defaultApplication();
      }
      Config all = layered(sources, code, properties, chosen, foreign);
      if (usual) {
        sources.application = chosen;
        sources.last = new Result(Map.copyOf(code), properties, Set.copyOf(foreign), all);
      }
      return all;
    } catch (ConfigException e) {
      throw new ConfigurationException("The configuration cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isImmutable(Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }

  private static Config layered(
      Sources sources,
      Map<String, Object> code,
      Map<String, Object> properties,
      Config application,
      Set<String> foreign) {
    Config overrides =
        fromCode(code)
            .withFallback(ConfigFactory.parseMap(properties, "system property"))
            .withFallback(sources.environment)
            .withFallback(application);
    Config all = overrides.withFallback(sources.reference).resolve().withOnlyPath(ROOT);
    new KeyCheck(foreign.stream().map(name -> ROOT + "." + name).collect(Collectors.toSet()))
        .check("", all.root(), sources.reference.root());
    return all;
  }

  private static ClassLoader contextLoader() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context == null ? Layers.class.getClassLoader() : context;
  }

  /**
   * The defaults of every module; {@code ConfigFactory.defaultReference} would add system
   * properties.
   */
  private static Config parseReference(ClassLoader loader) {
    Config found = ConfigFactory.parseResources(loader, "reference.conf");
    Config own =
        found.hasPath(ROOT)
            ? found
            : ConfigFactory.parseResources(Layers.class.getClassLoader(), "reference.conf");
    return own.withOnlyPath(ROOT).resolve();
  }

  private static Config fromCode(Map<String, Object> code) {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, Object> entry : code.entrySet()) {
      config =
          config.withValue(
              ROOT + "." + entry.getKey(),
              ConfigValueFactory.fromAnyRef(entry.getValue(), "set in code"));
    }
    return config;
  }

  private static Map<String, Object> ownProperties() {
    Map<String, Object> ours = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(ROOT + ".")) {
        ours.put(name, System.getProperties().getProperty(name));
      }
    }
    return ours;
  }

  private static Config environment() {
    Config named =
        ConfigFactory.parseResources(
                Layers.class.getClassLoader(),
                "interlock-environment.conf",
                ConfigParseOptions.defaults().setAllowMissing(false))
            .resolve(ConfigResolveOptions.defaults().setUseSystemEnvironment(true));
    Config set = ConfigFactory.empty();
    for (Map.Entry<String, ConfigValue> entry : named.entrySet()) {
      set = set.withValue(entry.getKey(), entry.getValue()); // no section without a value
    }
    return set.withFallback(ConfigFactory.systemEnvironmentOverrides());
  }
}
