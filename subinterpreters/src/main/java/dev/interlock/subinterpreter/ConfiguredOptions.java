// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import com.typesafe.config.Config;
import dev.interlock.config.Layers;
import dev.interlock.config.Options;
import dev.interlock.spi.Strategies;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@link Interpreters#create}. Reading the configuration takes longer than making an
 * interpreter, so that what was read is kept: by class loader, as long as the system properties
 * that it depends on stay what they are. Thread-safe.
 */
final class ConfiguredOptions {
  private record Read(Map<String, String> properties, SubinterpreterOptions options) {}

  private static final Map<ClassLoader, Read> known =
      Collections.synchronizedMap(new WeakHashMap<>());

  private ConfiguredOptions() {}

  static SubinterpreterOptions current() {
    ClassLoader application = ClassSpace.application();
    Map<String, String> properties = properties();
    Read read = known.get(application);
    if (read == null || !read.properties.equals(properties)) {
      read = new Read(properties, read(null));
      known.put(application, read);
    }
    return read.options;
  }

  static SubinterpreterOptions of(Config config) {
    return read(config);
  }

  private static SubinterpreterOptions read(@Nullable Config application) {
    Config all = Layers.load(application, Map.of(), Strategies.find().absent());
    return SubinterpreterOptions.from(
        new Options(all, "interlock").under(SubinterpretersProvider.STRATEGY));
  }

  /** What the configuration depends on. */
  private static Map<String, String> properties() {
    Map<String, String> ours = new TreeMap<>();
    Properties all = System.getProperties();
    for (String name : all.stringPropertyNames()) {
      if (name.startsWith("interlock.") || name.startsWith("config.")) {
        ours.put(name, all.getProperty(name, ""));
      }
    }
    return ours;
  }
}
