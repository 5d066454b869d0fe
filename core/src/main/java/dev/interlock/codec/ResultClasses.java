// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.net.URL;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The classes that a result from another process may name. What such a process sends is hostile
 * until proven otherwise: a task may have loaded a library that took it over. Decided by name and
 * before the class is looked for:
 *
 * <ul>
 *   <li>the JDK's data types (a list, no wildcard) and its exceptions,
 *   <li>classes that this side has sent,
 *   <li>classes from the jar or directory of a class that was sent: seen by where the class file
 *       lies, without loading it,
 *   <li>the names and patterns of a setting,
 *   <li>the few types of Interlock that results consist of.
 * </ul>
 *
 * <p>Lambdas and Java serialization are not among them, unless the setting trusts everything.
 *
 * <p>Thread-safe. Looking for a class file reads the class path, once per name and a limited number
 * of times.
 */
public final class ResultClasses implements ClassPolicy {

  /** What a pattern looks like: a class, a package, a package and those below it, everything. */
  public static final Pattern SYNTAX =
      Pattern.compile("\\*\\*|[\\p{javaJavaIdentifierPart}.]+(\\.\\*\\*?)?");

  private static final String EVERYTHING = "**";
  private static final String OWN_PACKAGE = "dev.interlock.";

  /** The examples are in one jar with Interlock, but use it as anybody does. */
  private static final String EXAMPLES = "dev.interlock.examples.";

  private static final String NOWHERE = "";
  private static final int LONGEST_NAME = 1_024;
  private static final int LONGEST_SHOWN = 200;

  /** So many names from outside are looked for on the class path; after that, none. */
  private static final int MOST_LOOKUPS = 4_096;

  private static final Pattern NAME =
      Pattern.compile("[\\p{javaJavaIdentifierPart}\\-]+(\\.[\\p{javaJavaIdentifierPart}\\-]+)*");

  private final ClassLoader loader;
  private final String setting;
  private final boolean everything;
  private final Set<String> names;
  private final List<String> packages;
  private final List<String> packageTrees;

  private final List<Class<?>> own;

  /** Where Interlock's own classes lie: sending one of them says nothing about its neighbours. */
  private volatile @Nullable Set<String> ownPlaces;

  private final Set<String> sent = ConcurrentHashMap.newKeySet();
  private final Set<String> notYetLocated = ConcurrentHashMap.newKeySet();
  private final Set<String> sentPlaces = ConcurrentHashMap.newKeySet();
  private final Map<String, String> places = new ConcurrentHashMap<>();
  private final AtomicInteger lookups = new AtomicInteger();

  /**
   * @param loader by which classes are decoded, and class files found
   * @param setting what the setting is called, for messages
   * @param patterns its value: {@code com.example.Order}, {@code com.example.*}, {@code
   *     com.example.**}, or {@code **} for everything; each matches {@link #SYNTAX}
   * @param own classes of Interlock, one of each jar that the executor consists of
   * @throws IllegalArgumentException if a pattern is none
   */
  public ResultClasses(
      ClassLoader loader, String setting, List<String> patterns, List<Class<?>> own) {
    this.loader = loader;
    this.setting = setting;
    for (String pattern : patterns) {
      if (!SYNTAX.matcher(pattern).matches()) {
        throw new IllegalArgumentException(pattern + " is not a class, a package or **");
      }
    }
    this.everything = patterns.contains(EVERYTHING);
    this.names = Set.copyOf(new HashSet<>(patterns));
    this.packages = prefixes(patterns, ".*");
    this.packageTrees = prefixes(patterns, ".**");
    this.own = List.copyOf(own);
  }

  private static List<String> prefixes(List<String> patterns, String suffix) {
    return patterns.stream()
        .filter(pattern -> pattern.endsWith(suffix))
        .map(pattern -> pattern.substring(0, pattern.length() - suffix.length() + 1))
        .toList();
  }

  /** What the setting is called. */
  public String setting() {
    return setting;
  }

  /** Whether the setting says so: then nothing here is checked. */
  public boolean trustsEverything() {
    return everything;
  }

  @Override
  public boolean distrusts() {
    return !everything;
  }

  @Override
  public boolean admits(String name) {
    if (everything || DataTypes.contains(name)) {
      return true;
    }
    return !isKindOfContent(name)
        && (sent.contains(name) || isConfigured(name) || isBesideSent(name));
  }

  @Override
  public boolean admitsThrowable(String name) {
    return DataTypes.isJdkThrowable(name) || admits(name);
  }

  @Override
  public String refusal(String name) {
    if (isKindOfContent(name)) {
      return (name.equals(LambdaSerializer.NAME) ? "A lambda" : "Java serialization")
          + " is not accepted in a result from another process. Return data instead, or trust all"
          + " that comes: "
          + setting
          + " = [\"**\"]";
    }
    String shown = name.length() > LONGEST_SHOWN ? name.substring(0, LONGEST_SHOWN) + "..." : name;
    return "The class "
        + shown
        + " is not accepted in a result from another process. Add it to "
        + setting;
  }

  private static boolean isKindOfContent(String name) {
    return name.equals(LambdaSerializer.NAME) || name.equals(JavaSerializer.NAME);
  }

  @Override
  public void sent(String name) {
    if (!everything && sent.add(name)) {
      notYetLocated.add(name);
    }
  }

  private boolean isConfigured(String name) {
    if (names.contains(name)) {
      return true;
    }
    int dot = name.lastIndexOf('.');
    return packages.stream()
            .anyMatch(prefix -> dot == prefix.length() - 1 && name.startsWith(prefix))
        || packageTrees.stream().anyMatch(name::startsWith);
  }

  private boolean isBesideSent(String name) {
    locateSent();
    if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      return false;
    }
    String place = places.get(name);
    if (place == null) {
      if (lookups.incrementAndGet() > MOST_LOOKUPS) {
        return false;
      }
      place = placeOf(name);
      places.put(name, place);
    }
    return sentPlaces.contains(place) && !isOwn(name, place);
  }

  private void locateSent() {
    if (!notYetLocated.isEmpty()) {
      notYetLocated.removeIf(this::isLocated);
    }
  }

  /**
   * Remembers the place before the name is forgotten: whoever does not see the one sees the other.
   */
  private boolean isLocated(String name) {
    String place = placeOf(name);
    if (!place.equals(NOWHERE) && !isOwn(name, place)) {
      sentPlaces.add(place);
    }
    return true;
  }

  private boolean isOwn(String name, String place) {
    return name.startsWith(OWN_PACKAGE)
        && !name.startsWith(EXAMPLES)
        && ownPlaces().contains(place);
  }

  /** Looked for when it is needed; maybe twice. */
  private Set<String> ownPlaces() {
    Set<String> known = ownPlaces;
    if (known == null) {
      known = new HashSet<>();
      known.add(placeOf(TaskCodec.class.getName()));
      for (Class<?> type : own) {
        known.add(placeOf(type.getName()));
      }
      known.remove(NOWHERE);
      ownPlaces = known;
    }
    return known;
  }

  /** The jar or directory of a class file; empty if there is none, or it is the JDK's. */
  private String placeOf(String name) {
    String file = name.replace('.', '/') + ".class";
    URL found = find(file);
    if (found == null || found.getProtocol().equals("jrt")) {
      return NOWHERE;
    }
    String url = found.toString();
    return url.endsWith(file) ? url.substring(0, url.length() - file.length()) : NOWHERE;
  }

  private @Nullable URL find(String file) {
    try {
      return loader.getResource(file);
    } catch (RuntimeException e) {
      return null; // A loader that cannot say: the class has to be named in the setting.
    }
  }
}
