// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where tasks wait for their turn. Each is a FAIR pool of Spark's, shared by all executors of the
 * SparkContext: none waits for another.
 */
enum Lane {
  /** Submitted tasks. */
  SUBMITS,
  /** Chunks of {@code map}. */
  CHUNKS,
  /** Tasks that may have taken an executor down: one at a time. */
  SUSPECTS;

  /** The name of the pool. */
  String pool() {
    return "interlock-" + name().toLowerCase(Locale.ROOT);
  }

  /** A file that declares the pools; Spark warns of those that it has not read of. */
  static void declare(Path file) throws IOException {
    StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<allocations>\n");
    for (Lane lane : values()) {
      xml.append("  <pool name=\"").append(lane.pool()).append("\">");
      xml.append("<schedulingMode>FIFO</schedulingMode><weight>1</weight><minShare>0</minShare>");
      xml.append("</pool>\n");
    }
    Files.writeString(file, xml.append("</allocations>\n"));
  }

  static Lane of(Shipment shipment) {
    return shipment.isSuspect() ? SUSPECTS : shipment.run().isChunk() ? CHUNKS : SUBMITS;
  }
}
