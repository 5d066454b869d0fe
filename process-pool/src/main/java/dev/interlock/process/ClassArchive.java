// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The class-data archive that the children of one command start from. It is an optimization: what
 * is wrong with it is logged, and children start without. Thread-safe.
 */
final class ClassArchive {
  private static final Logger log = LoggerFactory.getLogger(ClassArchive.class);

  /** Options by which somebody has chosen an archive already. */
  private static final List<String> CHOSEN =
      List.of("-Xshare", "-XX:SharedArchiveFile", "-XX:ArchiveClassesAtExit", "-XX:AOT");

  /** The archives that this process has tried to make: once is enough. */
  private static final Set<Path> TRIED = ConcurrentHashMap.newKeySet();

  /** The last key, and what it follows from: a program's children are mostly alike. */
  private static volatile @Nullable Known last;

  private record Known(JavaHome java, ChildArguments arguments, String key) {}

  private final StartOptions options;
  private final ChildArguments arguments;
  private final ArchiveForm form;
  private final boolean wanted;
  private @Nullable ArchiveStore store;
  private boolean unusable;

  ClassArchive(StartOptions options, ChildArguments arguments) {
    this.options = options;
    this.arguments = arguments;
    this.form = ArchiveForm.of(options.java().feature());
    this.wanted =
        options.archive()
            && arguments.options().stream()
                .noneMatch(argument -> CHOSEN.stream().anyMatch(argument::startsWith));
  }

  /** The archive, or null if there is none, or none that can be used. */
  synchronized @Nullable Path find() {
    if (!wanted || unusable) {
      return null;
    }
    if (store == null && !arguments.classPath().isOfJars()) {
      unusable = true;
      return null;
    }
    try {
      return store().find();
    } catch (IOException | RuntimeException e) {
      unusable = true;
      log.warn("Children start without a class-data archive: {}", e.getMessage());
      log.debug("The cause", e);
      return null;
    }
  }

  /** The options of a child that starts from it. */
  List<String> toUse(Path archive) {
    return form.toUse(archive);
  }

  /** A child could not be started from it: it is deleted, and none is used here any more. */
  synchronized void failed(Path archive) {
    unusable = true;
    log.warn("A child died at its start from the archive {}, which is deleted", archive);
    try {
      Files.deleteIfExists(archive);
    } catch (IOException e) {
      log.warn("Cannot delete the archive {}", archive, e);
    }
  }

  /** Has it made in the background, if it is not there and was not tried. */
  void makeIfMissing() {
    ArchiveStore missing;
    synchronized (this) {
      missing = store;
      if (unusable || missing == null || !TRIED.add(missing.directory().resolve(missing.key()))) {
        return;
      }
    }
    new ArchiveTraining(missing, options, arguments, form).start();
  }

  /**
   * A JVM looks itself whether an archive fits: files that change while this one runs do no harm.
   */
  private String key() throws IOException {
    Known known = last;
    if (known == null || !known.java.equals(options.java()) || !known.arguments.equals(arguments)) {
      String key = ArchiveStore.keyOf(options.java(), form, arguments);
      known = new Known(options.java(), arguments, key);
      last = known;
    }
    return known.key;
  }

  private ArchiveStore store() throws IOException {
    ArchiveStore known = store;
    if (known == null) {
      known = new ArchiveStore(CacheDirectory.open(options.cacheDirectory()), key(), form);
      store = known;
    }
    return known;
  }
}
