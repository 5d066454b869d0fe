// SPDX-License-Identifier: Apache-2.0
package dev.interlock.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.interlock.ConfigurationException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares the keys that are set with those that have a default, and their shape. A section that is
 * empty by default takes any keys.
 */
final class KeyCheck {
  private final Set<String> foreign;

  /**
   * @param foreign paths whose keys are nobody's business here
   */
  KeyCheck(Set<String> foreign) {
    this.foreign = foreign;
  }

  /**
   * Checks what is set in a section.
   *
   * @param path where the section is
   * @throws ConfigurationException if a key has no default, or is a section where the default is a
   *     value, or the other way round, or null
   */
  void check(String path, ConfigObject set, ConfigObject defaults) {
    for (Map.Entry<String, ConfigValue> entry : set.entrySet()) {
      String key = below(path, entry.getKey());
      if (!foreign.contains(key)) {
        checkValue(key, entry.getValue(), defaults.get(entry.getKey()), path, defaults);
      }
    }
  }

  private void checkValue(
      String key,
      ConfigValue value,
      @Nullable ConfigValue byDefault,
      String path,
      ConfigObject siblings) {
    if (byDefault == null) {
      throw unknown(key, value, path, siblings);
    }
    if (byDefault instanceof ConfigObject defaults) {
      if (!(value instanceof ConfigObject section)) {
        throw wrong(key, shown(value), value, "a section. " + keysOf(key, defaults));
      }
      if (!defaults.isEmpty()) {
        check(key, section, defaults);
      }
    } else if (value instanceof ConfigObject) {
      throw wrong(key, "a section", value, "a single value.");
    } else if (value.valueType() == ConfigValueType.NULL) {
      throw wrong(key, "null", value, "a value; remove the line to have the default.");
    }
  }

  private static ConfigurationException unknown(
      String key, ConfigValue value, String path, ConfigObject siblings) {
    String leaf = key;
    ConfigValue at = value;
    while (at instanceof ConfigObject section && !section.isEmpty()) {
      Map.Entry<String, ConfigValue> first = section.entrySet().iterator().next();
      leaf = below(leaf, first.getKey());
      at = first.getValue();
    }
    return new ConfigurationException(
        "Unknown key "
            + leaf
            + " ("
            + Origins.describe(leaf, at.origin())
            + "). "
            + keysOf(path, siblings),
        null);
  }

  private static ConfigurationException wrong(
      String key, String shown, ConfigValue value, String allowed) {
    return new ConfigurationException(
        key
            + " is "
            + shown
            + " ("
            + Origins.describe(key, value.origin())
            + "), but must be "
            + allowed,
        null);
  }

  private static String shown(ConfigValue value) {
    return value.valueType() == ConfigValueType.NULL ? "null" : "'" + value.unwrapped() + "'";
  }

  private static String keysOf(String path, ConfigObject section) {
    return "Keys of " + path + ": " + String.join(", ", new TreeSet<>(section.keySet())) + ".";
  }

  private static String below(String path, String name) {
    String quoted = ConfigUtil.joinPath(name);
    return path.isEmpty() ? quoted : path + "." + quoted;
  }
}
