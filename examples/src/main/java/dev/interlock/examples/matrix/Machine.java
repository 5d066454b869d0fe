// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where and how the cells were measured.
 *
 * @param cpu the processor's model
 * @param cores processors that the JVM may use
 * @param memoryBytes memory that the JVM may use
 * @param os operating system, version and architecture
 * @param jdk the JDK's version and vendor
 * @param jvmFlags flags of every JVM in which cells were measured
 * @param settings how the run was asked for, by name
 * @param scaledDown what a quick run left out, by task set
 */
public record Machine(
    String cpu,
    int cores,
    long memoryBytes,
    String os,
    String jdk,
    List<String> jvmFlags,
    Map<String, String> settings,
    Map<String, String> scaledDown) {

  static Machine here(Map<String, String> settings, Map<String, String> scaledDown) {
    return new Machine(
        cpuModel(Path.of("/proc/cpuinfo")).orElse(property("os.arch")),
        Runtime.getRuntime().availableProcessors(),
        usableMemory(),
        property("os.name") + " " + property("os.version") + " " + property("os.arch"),
        property("java.runtime.version") + ", " + property("java.vendor"),
        JvmCommand.flags(),
        settings,
        scaledDown);
  }

  private static long usableMemory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** The processor's model where the system has such a file. */
  private static Optional<String> cpuModel(Path cpuinfo) {
    if (!Files.isReadable(cpuinfo)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(cpuinfo)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String property(String name) {
    @Nullable String value = System.getProperty(name);
    return value == null ? "unknown" : value;
  }
}
