// SPDX-License-Identifier: Apache-2.0
package dev.interlock.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.interlock.ConfigurationException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of one part of the configuration. Every value has a default in a {@code
 * reference.conf}. A value of the wrong type or out of range throws {@link ConfigurationException},
 * which names the key, the value, its origin and what is allowed. Immutable.
 */
public final class Options {
  private final Config config;
  private final String prefix;

  /** The options at {@code prefix} of {@code config}, which must hold that path. */
  public Options(Config config, String prefix) {
    this.config = config;
    this.prefix = prefix;
  }

  /** The options below {@code key}. */
  public Options under(String key) {
    return new Options(config, path(key));
  }

  /** Whether these are the same part of one and the same configuration. */
  public boolean isSameAs(Options other) {
    return config == other.config && prefix.equals(other.prefix);
  }

  /** A whole number in a range. */
  public int integer(String key, int least, int most) {
    String allowed = "a whole number from " + least + " to " + most;
    return whole(key, least, most, allowed);
  }

  /** A whole number in a range, or empty for the word {@code word}. */
  public OptionalInt integerOr(String word, String key, int least, int most) {
    if (isWord(key, word)) {
      return OptionalInt.empty();
    }
    String allowed = "'" + word + "', or a whole number from " + least + " to " + most;
    return OptionalInt.of(whole(key, least, most, allowed));
  }

  /** Not by {@code getInt}, which cuts a fraction off. */
  private int whole(String key, int least, int most, String allowed) {
    double value = read(key, allowed, () -> config.getDouble(path(key)));
    boolean ok = value == Math.rint(value) && value >= least && value <= most;
    return inRange(key, ok, value, allowed).intValue();
  }

  /** A duration such as {@code 5ms} in a range; a bare number is milliseconds, as HOCON has it. */
  public Duration duration(String key, Duration least, Duration most) {
    String allowed =
        "a duration from " + plain(least) + " to " + plain(most) + ", such as 5ms or 2s";
    Duration value = read(key, allowed, () -> config.getDuration(path(key)));
    return inRange(key, value.compareTo(least) >= 0 && value.compareTo(most) <= 0, value, allowed);
  }

  /** A duration in a range, or empty for the word {@code word}. */
  public Optional<Duration> durationOr(String word, String key, Duration least, Duration most) {
    if (isWord(key, word)) {
      return Optional.empty();
    }
    String allowed =
        "'"
            + word
            + "', or a duration from "
            + plain(least)
            + " to "
            + plain(most)
            + ", such as 5ms or 2s";
    Duration value = read(key, allowed, () -> config.getDuration(path(key)));
    boolean ok = value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    return Optional.of(inRange(key, ok, value, allowed));
  }

  /** A size such as {@code 64KiB} in a range, in bytes. */
  public long bytes(String key, long least, long most) {
    String allowed = "a size from " + least + " to " + most + " bytes, such as 64KiB or 512MiB";
    long value = read(key, allowed, () -> config.getBytes(path(key)));
    return inRange(key, value >= least && value <= most, value, allowed);
  }

  /** True or false. */
  public boolean flag(String key) {
    return read(key, "true or false", () -> config.getBoolean(path(key)));
  }

  /** A text. */
  public String text(String key) {
    return read(key, "a text", () -> config.getString(path(key)));
  }

  /**
   * A list of texts. A single text, which is all that a system property or an environment variable
   * can hold, is taken as a list in HOCON's form if it begins with a bracket, and else as words
   * separated by blanks; quotes, single or double, keep a word with blanks together.
   */
  public List<String> texts(String key) {
    String allowed =
        "a list of texts: [\"a\", \"b c\"], or as a system property words separated by blanks, a 'b c'";
    if (config.getValue(path(key)).valueType() != ConfigValueType.STRING) {
      return read(key, allowed, () -> config.getStringList(path(key)));
    }
    String written = config.getString(path(key));
    try {
      return WrittenList.parse(written);
    } catch (ConfigException e) {
      throw wrong(key, written, allowed, e);
    }
  }

  /**
   * What a section holds that takes any keys, by their whole names below it. A name may be written
   * as a path or in quotes.
   *
   * @param prefix with which each name must begin
   */
  public Map<String, String> settings(String key, String prefix) {
    Map<String, String> settings = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : config.getConfig(path(key)).entrySet()) {
      String name = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      ConfigValue value = entry.getValue();
      boolean list = value.valueType() == ConfigValueType.LIST;
      if (list || !name.startsWith(prefix)) {
        throw new ConfigurationException(
            path(key)
                + " has the key '"
                + name
                + "' ("
                + Origins.describe(path(key) + "." + entry.getKey(), value.origin())
                + "), but "
                + (list ? "its value must be a single text." : "names begin with " + prefix + "."),
            null);
      }
      settings.put(name, String.valueOf(value.unwrapped()));
    }
    return settings;
  }

  /** One of the constants of an enum, written in lower case with hyphens. */
  public <E extends Enum<E>> E choice(String key, Class<E> type) {
    String allowed =
        "one of "
            + Arrays.stream(type.getEnumConstants())
                .map(Options::written)
                .collect(Collectors.joining(", "));
    String value = read(key, allowed, () -> config.getString(path(key)));
    for (E constant : type.getEnumConstants()) {
      if (written(constant).equals(value)) {
        return constant;
      }
    }
    throw wrong(key, value, allowed, null);
  }

  /** Whether the value of {@code key} is this very word. */
  public boolean isWord(String key, String word) {
    return word.equals(config.getValue(path(key)).unwrapped());
  }

  /** Where the value of {@code key} comes from, for messages. */
  public String origin(String key) {
    return Origins.describe(path(key), config.getValue(path(key)).origin());
  }

  /** The error for a value that is wrong for a reason that the other methods cannot see. */
  public ConfigurationException wrong(String key, Object value, String allowed) {
    return wrong(key, value, allowed, null);
  }

  private <T> T read(String key, String allowed, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (ConfigException.WrongType | ConfigException.BadValue e) {
      throw wrong(key, config.getValue(path(key)).unwrapped(), allowed, e);
    }
  }

  private <T> T inRange(String key, boolean ok, T value, String allowed) {
    if (ok) {
      return value;
    }
    throw wrong(key, config.getValue(path(key)).unwrapped(), allowed, null);
  }

  private ConfigurationException wrong(
      String key, Object value, String allowed, @Nullable Throwable cause) {
    return new ConfigurationException(
        path(key) + " is '" + value + "' (" + origin(key) + "), but must be " + allowed + ".",
        cause);
  }

  private String path(String key) {
    return prefix + "." + key;
  }

  private static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String plain(Duration duration) {
    if (duration.isZero()) {
      return "0";
    }
    long ns = duration.toNanos();
    return ns % 1_000_000_000 == 0
        ? ns / 1_000_000_000 + "s"
        : ns % 1_000_000 == 0 ? ns / 1_000_000 + "ms" : ns + "ns";
  }
}
