// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one JVM is asked to measure.
 *
 * @param strategy the strategy, or {@code sequential}
 * @param tasks the task sets, as the user named them
 * @param quick whether the run should be short
 * @param input the directory with input files
 * @param server where the loopback server listens
 * @param workers how many workers; null for the strategy's default
 * @param config what stands in for {@code application.conf}; null for none
 */
record CellRequest(
    String strategy,
    List<String> tasks,
    boolean quick,
    Path input,
    URI server,
    @Nullable Integer workers,
    @Nullable Path config) {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** The one argument of the JVM. */
  String toJson() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CellRequest fromJson(String argument) {
    try {
      return JSON.readValue(argument, CellRequest.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
