// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.interlock.Capability;
import dev.interlock.config.Layers;
import dev.interlock.config.Options;
import dev.interlock.spi.ExecutorProvider;
import dev.interlock.spi.Strategies;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is special about the strategy {@code spark}: Spark need not be there, and what the strategy
 * can do depends on the master.
 */
public final class Spark {
  /** The strategy's name. */
  public static final String NAME = "spark";

  /** The system property that says where the cluster is. */
  public static final String MASTER = "interlock.spark.master";

  /** Below this, Spark's driver does not start: 1.5 times the 300 MiB that it reserves. */
  static final long LEAST_HEAP_BYTES = 450L << 20;

  /** A heap of which that much is left with every collector. */
  static final String SMALL_HEAP = "512m";

  private static final String VERSION_RESOURCE = "spark-version-info.properties";

  private Spark() {}

  /** Whether the strategy can run: its module is there, and Spark itself. */
  public static boolean isHere(Strategies found) {
    return found.all().stream()
        .anyMatch(provider -> provider.strategy().equals(NAME) && provider.problems().isEmpty());
  }

  /** The version of the Spark on the class path, if there is one. */
  public static Optional<String> version() {
    try (InputStream in = Spark.class.getClassLoader().getResourceAsStream(VERSION_RESOURCE)) {
      if (in == null) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(in);
      return Optional.ofNullable(properties.getProperty("version"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The configured master; local mode if there is none.
   *
   * @param config what stands in for {@code application.conf}; null for none
   */
  public static String master(@Nullable Path config) {
    Options options = options(NAME, config);
    String written = options.text("master");
    return written.equals("auto")
        ? options.settings("conf", "spark.").getOrDefault("spark.master", "local[*]")
        : written;
  }

  /**
   * What a strategy can do as it is configured.
   *
   * @param config what stands in for {@code application.conf}; null for none
   */
  public static Set<Capability> capabilities(ExecutorProvider provider, @Nullable Path config) {
    return provider.capabilities(options(provider.strategy(), config));
  }

  private static Options options(String strategy, @Nullable Path config) {
    Config application = config == null ? null : ConfigFactory.parseFile(config.toFile());
    Config all = Layers.load(application, Map.of(), Strategies.find().absent());
    return new Options(all, "interlock." + strategy);
  }
}
