// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a SparkContext that is not ours was given. Its executors fetch it from the driver whenever
 * one starts, also after the last executor of ours is closed; so it stays until the SparkContext
 * ends, and nothing is given twice.
 *
 * <p><b>Concurrency.</b> The class's monitor guards all fields, and is held while jars are packed.
 */
final class AdoptedJars extends SparkListener {
  private static final Logger log = LoggerFactory.getLogger(AdoptedJars.class);

  /** By application. */
  private static final Map<String, AdoptedJars> known = new HashMap<>();

  private final String application;
  private final ScratchDirectory scratch;
  private final Set<Path> given = new HashSet<>();

  private AdoptedJars(String application, ScratchDirectory scratch) {
    this.application = application;
    this.scratch = scratch;
  }

  /** Where jars for {@code spark} are packed. */
  static synchronized AdoptedJars of(SparkContext spark) throws IOException {
    AdoptedJars jars = known.get(spark.applicationId());
    if (jars == null) {
      jars = new AdoptedJars(spark.applicationId(), ScratchDirectory.create());
      known.put(jars.application, jars);
      spark.addSparkListener(jars);
    }
    return jars;
  }

  Path folder() {
    return scratch.folder();
  }

  /** Whether it is to be given now: nobody has before. */
  boolean isNew(Path entry) {
    synchronized (AdoptedJars.class) {
      return given.add(entry);
    }
  }

  @Override
  public void onApplicationEnd(SparkListenerApplicationEnd event) {
    synchronized (AdoptedJars.class) {
      known.remove(application);
      try {
        scratch.close();
      } catch (IOException e) {
        log.warn("Cannot delete {}; the next start will", scratch, e);
      }
    }
  }
}
