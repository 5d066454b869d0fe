// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.stream.Collectors;

/** The strategies on the class path, by name. Immutable. */
public final class Strategies {
  /** The strategies that exist, and the module that each one is in: {@code interlock-<name>}. */
  private static final List<String> PUBLISHED =
      List.of("free-threaded", "gil-threading", "process-pool", "spark", "subinterpreters");

  /**
   * What was found, by context class loader: looking through all jars takes milliseconds. Weak,
   * because the providers may hold that loader.
   */
  private static final Map<ClassLoader, WeakReference<Strategies>> FOUND =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Map<String, ExecutorProvider> providers;

  private Strategies(Map<String, ExecutorProvider> providers) {
    this.providers = providers;
  }

  /**
   * Looks the providers up, by the context class loader and by Interlock's own, once for each
   * context class loader.
   *
   * @throws ConfigurationException if two providers have one name
   */
  public static Strategies find() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? Strategies.class.getClassLoader() : context;
    WeakReference<Strategies> known = FOUND.get(loader);
    Strategies strategies = known == null ? null : known.get();
    if (strategies == null) {
      strategies = lookUp();
      FOUND.put(loader, new WeakReference<>(strategies));
    }
    return strategies;
  }

  private static Strategies lookUp() {
    Map<String, ExecutorProvider> found = new TreeMap<>();
    addAll(found, ServiceLoader.load(ExecutorProvider.class));
    addAll(
        found, ServiceLoader.load(ExecutorProvider.class, ExecutorProvider.class.getClassLoader()));
    return new Strategies(found);
  }

  private static void addAll(
      Map<String, ExecutorProvider> found, Iterable<ExecutorProvider> providers) {
    for (ExecutorProvider provider : providers) {
      ExecutorProvider other = found.putIfAbsent(provider.strategy(), provider);
      if (other != null && other.getClass() != provider.getClass()) {
        throw new ConfigurationException(
            "Two providers are named "
                + provider.strategy()
                + ": "
                + other.getClass().getName()
                + " and "
                + provider.getClass().getName()
                + ". Remove one of them from the class path.",
            null);
      }
    }
  }

  /** The providers, in the order of their names. */
  public List<ExecutorProvider> all() {
    return List.copyOf(providers.values());
  }

  /** The names of published strategies whose module is not on the class path. */
  public Set<String> absent() {
    TreeSet<String> absent = new TreeSet<>(PUBLISHED);
    absent.removeAll(providers.keySet());
    return absent;
  }

  /**
   * The strategy of that name.
   *
   * @param origin where the name comes from, for the message
   * @throws ConfigurationException if there is none; the message lists what there is, and the
   *     module that would add it
   */
  public ExecutorProvider named(String name, String origin) {
    ExecutorProvider provider = providers.get(name);
    if (provider != null) {
      return provider;
    }
    String wanted = "interlock.strategy is '" + name + "' (" + origin + "), but ";
    if (PUBLISHED.contains(name)) {
      throw new ConfigurationException(
          wanted + "its module is not on the class path. " + howToAdd(name) + " " + known(), null);
    }
    throw new ConfigurationException(
        wanted + "there is no such strategy. " + known() + " " + published(), null);
  }

  /**
   * The only strategy there is.
   *
   * @throws ConfigurationException if there is none or more than one
   */
  public ExecutorProvider only() {
    if (providers.size() == 1) {
      return providers.values().iterator().next();
    }
    if (providers.isEmpty()) {
      throw new ConfigurationException(
          "No strategy is on the class path. Add one of the modules "
              + String.join(", ", PUBLISHED.stream().map(Strategies::artifact).toList())
              + ".",
          null);
    }
    throw new ConfigurationException(
        "Several strategies are on the class path and none is chosen. Set interlock.strategy in"
            + " application.conf, -Dinterlock.strategy=... or INTERLOCK_STRATEGY=... to one of "
            + String.join(", ", providers.keySet())
            + ".",
        null);
  }

  /** Names the strategies that declare a capability, for messages. */
  String thatCan(Capability capability) {
    String present =
        providers.values().stream()
            .filter(provider -> provider.capabilities().contains(capability))
            .map(ExecutorProvider::strategy)
            .collect(Collectors.joining(" or "));
    return "a strategy that has the capability "
        + capability
        + ": "
        + (present.isEmpty() ? howToAddOneThatCan() : present);
  }

  private static String howToAddOneThatCan() {
    return "process-pool (" + artifact("process-pool") + ")";
  }

  private String known() {
    return providers.isEmpty()
        ? "No strategy is on the class path."
        : "On the class path: " + String.join(", ", providers.keySet()) + ".";
  }

  private static String published() {
    return "Strategies that can be added: "
        + String.join(
            ", ", PUBLISHED.stream().map(name -> name + " (" + artifact(name) + ")").toList())
        + ".";
  }

  private static String howToAdd(String name) {
    return "Add the dependency " + artifact(name) + ".";
  }

  private static String artifact(String name) {
    return "dev.interlock:interlock-" + name;
  }
}
