// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.Capability;
import dev.interlock.config.Options;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.jspecify.annotations.Nullable;

/**
 * The options of the strategy. Immutable.
 *
 * @param master as Spark writes it; null for the active SparkContext's, or local mode
 * @param masterOrigin where it was written, for messages
 * @param conf Spark's own settings
 * @param jars what is shipped; null for what Interlock finds
 * @param startTimeout for the master and the first executor
 * @param killAfter after an interrupt; null for never
 * @param tasksPerPartition submitted tasks that travel together
 */
record SparkOptions(
    @Nullable String master,
    String masterOrigin,
    Map<String, String> conf,
    @Nullable List<String> jars,
    Duration startTimeout,
    @Nullable Duration killAfter,
    int tasksPerPartition) {
  static final String LOCAL = "local[*]";

  private static final int MOST_PER_PARTITION = 10_000;

  static SparkOptions from(Options options) {
    String master = options.text("master");
    if (master.isBlank()) {
      throw options.wrong(
          "master", master, "auto, or a master as Spark writes it: local[*], spark://host:7077");
    }
    return new SparkOptions(
        master.equals("auto") ? null : master,
        options.origin("master"),
        Map.copyOf(options.settings("conf", "spark.")),
        options.isWord("jars", "auto") ? null : List.copyOf(options.texts("jars")),
        options.duration("start-timeout", Duration.ofMillis(1), Duration.ofHours(1)),
        options
            .durationOr("off", "kill-after", Duration.ofMillis(1), Duration.ofHours(1))
            .orElse(null),
        options.integer("tasks-per-partition", 1, MOST_PER_PARTITION));
  }

  /** What the executor will be able to do. */
  Set<Capability> capabilities() {
    return isLocal(effectiveMaster()) ? SparkProvider.LOCAL : SparkProvider.CLUSTER;
  }

  /** The master that counts: the active SparkContext's, if there is one. */
  String effectiveMaster() {
    SparkContext active = active();
    return active != null ? active.master() : masterToStart();
  }

  String masterToStart() {
    String fromConf = conf.get("spark.master");
    return master != null ? master : fromConf != null ? fromConf : LOCAL;
  }

  static @Nullable SparkContext active() {
    var active = SparkContext$.MODULE$.getActive();
    return active.isEmpty() || active.get().isStopped() ? null : active.get();
  }

  static boolean isLocal(String master) {
    return master.equals("local") || master.startsWith("local[");
  }
}
