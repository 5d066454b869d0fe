// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A cluster for a class of tests, and the configuration that leads there. */
final class OnCluster implements BeforeAllCallback, AfterAllCallback {
  private final Map<String, String> properties = new LinkedHashMap<>();
  private StandaloneCluster cluster;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    cluster = StandaloneCluster.start();
    properties.put("interlock.spark.master", cluster.masterUrl());
    properties.put("interlock.spark.conf.spark.executor.memory", "512m");
    properties.forEach(System::setProperty);
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    properties.keySet().forEach(System::clearProperty);
    if (cluster != null) {
      cluster.close();
    }
  }

  StandaloneCluster cluster() {
    return cluster;
  }

  /** Whether a process is an executor. */
  boolean isExecutor(ProcessHandle process) {
    return cluster.executorProcesses().contains(process);
  }

  /** For another JVM: the same, and a heap that Spark is content with. */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    flags.add("-Xmx512m");
    properties.forEach((key, value) -> flags.add("-D" + key + "=" + value));
    return flags;
  }
}
