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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force: code over system properties over environment over the application's
 * file over each module's {@code reference.conf}. Read anew at every call, so a changed system
 * property counts at the next {@code open}.
 */
public final class Layers {
  private static final String ROOT = "interlock";

  /**
   * The parsed defaults by class loader: files in jars do not change, and parsing them takes
   * milliseconds.
   */
  private static final Map<ClassLoader, Config> REFERENCES =
      Collections.synchronizedMap(new WeakHashMap<>());

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
      Config reference = reference();
      Config overrides =
          fromCode(code)
              .withFallback(systemProperties())
              .withFallback(environment())
              .withFallback(application == null ? ConfigFactory.defaultApplication() : application);
      Config all = overrides.withFallback(reference).resolve().withOnlyPath(ROOT);
      new KeyCheck(foreign.stream().map(name -> ROOT + "." + name).collect(Collectors.toSet()))
          .check("", all.root(), reference.root());
      return all;
    } catch (ConfigException e) {
      throw new ConfigurationException("The configuration cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The defaults of every module; {@code ConfigFactory.defaultReference} would add system
   * properties.
   */
  private static Config reference() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? Layers.class.getClassLoader() : context;
    return REFERENCES.computeIfAbsent(loader, Layers::parseReference);
  }

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

  private static Config systemProperties() {
    Map<String, Object> ours = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(ROOT + ".")) {
        ours.put(name, System.getProperties().getProperty(name));
      }
    }
    return ConfigFactory.parseMap(ours, "system property");
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
