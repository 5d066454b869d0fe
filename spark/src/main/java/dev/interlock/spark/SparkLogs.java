// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.List;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;

/**
 * Spares users what Spark logs where nobody has configured logging: each step, and warnings about
 * what Interlock does on purpose (it sets Spark's local folder; it names its own pools; attempts
 * are killed or lost, which futures tell; tasks may be large). An application that configures
 * Log4j, or logs by something else, sees what it asks for.
 */
final class SparkLogs {
  private static final List<String> ON_PURPOSE =
      List.of(
          "org.apache.spark.SparkConf",
          "org.apache.spark.scheduler.FairSchedulableBuilder",
          "org.apache.spark.scheduler.TaskSetManager",
          "org.apache.spark.util.Utils",
          "org.apache.hadoop.util.NativeCodeLoader");

  /** The configuration that Spark brings along for those who have none. */
  private static final String SPARKS_OWN = "org/apache/spark/log4j2-defaults.properties";

  private SparkLogs() {}

  /** Before the context starts. Spark sets its own logging up with its first message. */
  static void quieten(SparkConf conf) {
    try {
      conf.initializeLogIfNecessary(false);
      if (LogManager.getContext(false) instanceof LoggerContext context
          && String.valueOf(context.getConfiguration().getConfigurationSource().getURI())
              .endsWith(SPARKS_OWN)) {
        Configurator.setRootLevel(Level.WARN);
        ON_PURPOSE.forEach(name -> Configurator.setLevel(name, Level.ERROR));
      }
    } catch (LinkageError e) {
      return; // no Log4j here
    }
  }
}
