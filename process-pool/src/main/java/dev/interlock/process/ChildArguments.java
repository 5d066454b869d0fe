// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a child JVM.
 *
 * @param options all but the class path
 * @param classPath what it loads classes from
 */
record ChildArguments(List<String> options, ChildClassPath classPath) {
  private static final double MEMORY_PERCENT_FOR_ALL = 50;

  /** A JVM takes one of these only. */
  private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use\\w+GC");

  /** The first version that warns of what Kryo does, and whose log has a tag {@code aot}. */
  private static final int WARNS_OF_UNSAFE = 24;

  /**
   * The last version that is known to have {@code ArchiveRelocationMode}. 0 has class data mapped
   * where the archive says, as Java did until 17.0.6: its pages are then shared by all children,
   * and a child need not write to every one of them first.
   */
  private static final int LAST_WITH_RELOCATION_MODE = 25;

  /** Options that a class-data archive must have been made with to fit, and its warm-up's own. */
  private static final Pattern FORM =
      Pattern.compile(
          "--.*|-XX:[+-]Use.*|-XX:ObjectAlignmentInBytes=.*|-Xverify.*|-XX:[+-]BytecodeVerif.*"
              + "|-Dkryo\\..*");

  ChildArguments {
    options = List.copyOf(options);
  }

  /** The last ones, and what they follow from: a program's pools are mostly alike. */
  private static volatile @Nullable Known last;

  private record Known(
      StartOptions start, int workers, String classPath, ChildArguments arguments) {}

  static ChildArguments of(StartOptions start, int workers) throws IOException {
    String classPath = System.getProperty("java.class.path", "");
    Known known = last;
    if (known == null
        || known.workers != workers
        || !known.classPath.equals(classPath)
        || !known.start.equals(start)) {
      known = new Known(start, workers, classPath, make(start, workers));
      last = known;
    }
    return known.arguments;
  }

  private static ChildArguments make(StartOptions start, int workers) throws IOException {
    List<String> options = new ArrayList<>();
    if (start.jvmArgs().stream().noneMatch(COLLECTOR.asMatchPredicate())) {
      options.add("-XX:+UseSerialGC");
    }
    if (start.java().feature() <= LAST_WITH_RELOCATION_MODE) {
      options.add("-XX:+UnlockDiagnosticVMOptions");
      options.add("-XX:ArchiveRelocationMode=0");
    }
    options.add("-XX:ActiveProcessorCount=" + processors(workers));
    if (start.heapBytes().isPresent()) {
      options.add("-Xmx" + start.heapBytes().getAsLong());
    } else {
      String percent =
          String.format(Locale.ROOT, "%.4f", MEMORY_PERCENT_FOR_ALL / Math.max(1, workers));
      options.add("-XX:MaxRAMPercentage=" + percent);
      options.add("-XX:MinRAMPercentage=" + percent);
    }
    options.add("-XX:+ExitOnOutOfMemoryError");
    options.add("-XX:+DisplayVMOutputToStderr");
    options.addAll(logging(start.java()));
    options.add("-XX:-UsePerfData"); // a file in the temporary directory, left behind by a kill
    options.add("-Dkryo.unsafe=false");
    if (start.java().feature() >= WARNS_OF_UNSAFE) {
      options.add("--sun-misc-unsafe-memory-access=allow");
    }
    options.addAll(fromManifest());
    options.addAll(
        InheritedArguments.of(
            ManagementFactory.getRuntimeMXBean().getInputArguments(),
            start.inheritAgents(),
            start.java().feature()));
    options.addAll(start.jvmArgs());
    return new ChildArguments(options, classPath(start));
  }

  /**
   * The JVM's warnings go to stderr, apart from what tasks print; those about an archive that does
   * not fit are nobody's concern: the child starts without it.
   */
  private static List<String> logging(JavaHome java) {
    List<String> logging =
        new ArrayList<>(
            List.of(
                "-Xlog:disable",
                "-Xlog:all=warning:stderr",
                "-Xlog:cds*=off:stderr",
                "-Xlog:class+path*=off:stderr"));
    if (java.feature() >= WARNS_OF_UNSAFE) {
      logging.add("-Xlog:aot*=off:stderr");
    }
    return logging;
  }

  private static ChildClassPath classPath(StartOptions start) {
    List<String> given = start.classPath();
    if (given != null) {
      return ChildClassPath.of(given);
    }
    return start.archive() ? ChildClassPath.libraryFirst() : ChildClassPath.inherited();
  }

  /** What goes to the child. */
  List<String> all() {
    List<String> all = new ArrayList<>(options);
    all.add("-cp");
    all.add(classPath.text());
    return all;
  }

  /** Those options on which it depends whether an archive fits. */
  List<String> form() {
    return options.stream().filter(option -> FORM.matcher(option).matches()).toList();
  }

  private static int processors(int workers) {
    int all = Runtime.getRuntime().availableProcessors();
    return Math.max(1, (all + workers - 1) / workers);
  }

  /** What {@code java -jar} takes from the manifest, {@code java -cp} must be told. */
  private static List<String> fromManifest() throws IOException {
    List<String> options = new ArrayList<>();
    List<String> entries = ChildClassPath.inherited().application();
    if (entries.size() != 1
        || !entries.get(0).endsWith(".jar")
        || !Files.isRegularFile(Path.of(entries.get(0)))) {
      return options;
    }
    try (JarFile jar = new JarFile(entries.get(0))) {
      Manifest manifest = jar.getManifest();
      if (manifest != null) {
        add(options, "--add-opens", manifest.getMainAttributes(), "Add-Opens");
        add(options, "--add-exports", manifest.getMainAttributes(), "Add-Exports");
      }
    }
    return options;
  }

  private static void add(
      List<String> options, String option, Attributes attributes, String attribute) {
    String packages = attributes.getValue(attribute);
    if (packages != null) {
      for (String one : packages.strip().split("\\s+", -1)) {
        options.add(option + "=" + one + "=ALL-UNNAMED");
      }
    }
  }
}
