// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the agent is told: which classes to leave alone, which to instrument all the same, and which
 * to instrument finely. From its argument and from system properties; both together count.
 *
 * <p>The argument is {@code exclude=com.foo.,com.bar.*,fine=com.baz.Counter}: what has no {@code =}
 * belongs to the list before it.
 */
record AgentOptions(
    List<NamePattern> exclude, List<NamePattern> instrument, List<NamePattern> fine) {
  private enum Key {
    /** Left alone. */
    EXCLUDE,
    /** Instrumented although it is in {@code exclude}, or left alone by default. */
    INSTRUMENT,
    /** Instrumented with a check before each access to shared state. */
    FINE;

    String written() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Reads both.
   *
   * @param argument what is behind the {@code =} of {@code -javaagent:agent.jar=}; null or empty if
   *     there is nothing
   * @throws IllegalArgumentException if something is wrong; the message says what and where
   */
  static AgentOptions read(@Nullable String argument) {
    Map<Key, List<NamePattern>> lists = new EnumMap<>(Key.class);
    for (Key key : Key.values()) {
      lists.put(key, new ArrayList<>());
      String property = GilAgent.PROPERTIES + key.written();
      for (String item : items(System.getProperty(property, ""))) {
        add(lists, key, item, "the system property " + property);
      }
    }
    readArgument(argument == null ? "" : argument, lists);
    return new AgentOptions(
        list(lists, Key.EXCLUDE), list(lists, Key.INSTRUMENT), list(lists, Key.FINE));
  }

  private static void readArgument(String argument, Map<Key, List<NamePattern>> lists) {
    String place = "the argument of -javaagent, '" + argument + "'";
    Key key = null;
    for (String item : items(argument)) {
      int equals = item.indexOf('=');
      if (equals >= 0) {
        key = key(item.substring(0, equals).strip(), place);
      }
      if (key == null) {
        throw new IllegalArgumentException(
            "In " + place + ", '" + item + "' belongs to no list. Write exclude=" + item + ".");
      }
      String pattern = item.substring(equals + 1).strip();
      if (!pattern.isEmpty()) {
        add(lists, key, pattern, place);
      }
    }
  }

  private static Key key(String written, String place) {
    for (Key key : Key.values()) {
      if (key.written().equals(written)) {
        return key;
      }
    }
    throw new IllegalArgumentException(
        "In " + place + ", '" + written + "' is unknown. There are exclude, instrument and fine.");
  }

  private static List<String> items(String list) {
    List<String> items = new ArrayList<>();
    for (String item : list.split(",", -1)) {
      if (!item.isBlank()) {
        items.add(item.strip());
      }
    }
    return items;
  }

  private static void add(
      Map<Key, List<NamePattern>> lists, Key key, String pattern, String place) {
    try {
      lists.computeIfAbsent(key, any -> new ArrayList<>()).add(NamePattern.of(pattern));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("In " + place + ": " + e.getMessage(), e);
    }
  }

  private static List<NamePattern> list(Map<Key, List<NamePattern>> lists, Key key) {
    return List.copyOf(lists.getOrDefault(key, List.of()));
  }
}
