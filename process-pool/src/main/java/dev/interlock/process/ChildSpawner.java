// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts children and meets them, from an archive if there is one. Thread-safe. */
final class ChildSpawner implements ChildSource {
  /** How long the output of a dead child is waited for. */
  private static final Duration EXIT_GRACE = Duration.ofSeconds(1);

  private final Place place;
  private final ClassArchive archive;
  private final ChildArguments arguments;
  private @Nullable ChildCommand command;
  private final ProcessOptions options;
  private final OutputRoute output;

  /**
   * @param place where parent and child meet
   */
  ChildSpawner(Place place, ChildArguments arguments, ProcessOptions options, OutputRoute output) {
    this.output = output;
    this.place = place;
    this.arguments = arguments;
    this.archive = new ClassArchive(options.start(), arguments);
    this.options = options;
  }

  /** Prepared for the first child that is started here: with spares, there may be none. */
  private synchronized ChildCommand command() throws IOException {
    ChildCommand prepared = command;
    if (prepared == null) {
      prepared = ChildCommand.prepare(place.folder(), options.start(), arguments);
      command = prepared;
    }
    return prepared;
  }

  /** An archive may be at fault for a child that crashes; then a second one starts without. */
  @Override
  public StartedChild take(ChildOwner owner, Deadline deadline) throws IOException {
    Path file = archive.find();
    StartedChild first = spawn(owner, deadline, file);
    if (first == null && file != null) {
      archive.failed(file);
      first = spawn(owner, deadline, null);
    }
    if (first == null) {
      throw new IOException("it crashed before it was ready");
    }
    if (file == null) {
      archive.makeIfMissing();
    }
    return first;
  }

  /** Null if the child crashed by itself, which no wrong option brings about. */
  private @Nullable StartedChild spawn(ChildOwner owner, Deadline deadline, @Nullable Path file)
      throws IOException {
    Path directory = place.folder();
    ProcessBuilder builder =
        command().builder(owner.name(), file == null ? List.of() : archive.toUse(file));
    ParentEnd end =
        ParentEnd.start(
            directory,
            owner.name(),
            options.maxFrameBytes(),
            deadline,
            own ->
                ChildProcess.start(
                    owner.name(), owner.threadName(), builder, output, directory, own::filter));
    boolean ready = false;
    try {
      ChildProcess child = end.child();
      owner.started(child);
      owner.whileItBoots();
      ready = end.awaitReady();
      if (ready) {
        return new StartedChild(child, end);
      }
      String crashLog = child.crashLog();
      if (!owner.isUnwanted() && (child.hasCrashed() || !crashLog.isEmpty())) {
        child.awaitEnd(EXIT_GRACE);
        return null;
      }
      throw new IOException("it ended before it was ready");
    } finally {
      if (!ready) {
        end.close();
      }
    }
  }
}
