// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts children and meets them, from an archive if there is one. Thread-safe. */
final class ChildSpawner implements ChildSource {
  private static final Logger log = LoggerFactory.getLogger(ChildSpawner.class);

  /** How long the output of a dead child is waited for. */
  private static final Duration EXIT_GRACE = Duration.ofSeconds(1);

  private final Path directory;
  private final ClassArchive archive;
  private final ChildArguments arguments;
  private @Nullable ChildCommand command;
  private final ProcessOptions options;
  private final OutputRoute output;

  /**
   * @param directory where parent and child meet
   */
  ChildSpawner(
      Path directory, ChildArguments arguments, ProcessOptions options, OutputRoute output) {
    this.output = output;
    this.directory = directory;
    this.arguments = arguments;
    this.archive = new ClassArchive(options.start(), arguments);
    this.options = options;
  }

  /** Prepared for the first child that is started here: with spares, there may be none. */
  private synchronized ChildCommand command() throws IOException {
    ChildCommand prepared = command;
    if (prepared == null) {
      prepared = ChildCommand.prepare(directory, options.start(), arguments);
      command = prepared;
    }
    return prepared;
  }

  /** An archive may be at fault for a child that crashes; then a second one starts without. */
  @Override
  public ConnectedChild take(ChildOwner owner, Deadline deadline) throws IOException {
    Path file = archive.find();
    ConnectedChild first = spawn(owner, deadline, file);
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
  private @Nullable ConnectedChild spawn(ChildOwner owner, Deadline deadline, @Nullable Path file)
      throws IOException {
    try (Rendezvous rendezvous =
        Rendezvous.open(directory, owner.name(), options.maxFrameBytes())) {
      ChildProcess child =
          ChildProcess.start(
              owner.name(),
              owner.threadName(),
              command().builder(owner.name(), file == null ? List.of() : archive.toUse(file)),
              output,
              directory);
      owner.started(child);
      child.onExit(rendezvous::wakeup);
      tell(child, rendezvous.launch());
      Rendezvous.Channels met = rendezvous.accept(child::isAlive, deadline);
      if (met != null) {
        return new ConnectedChild(child, met);
      }
      if (child.isAlive()) {
        throw new ProtocolException(
            "it was not ready within interlock.process-pool.start-timeout = " + deadline.limit());
      }
      String crashLog = child.crashLog();
      if (!owner.isUnwanted() && (child.hasCrashed() || !crashLog.isEmpty())) {
        child.awaitEnd(EXIT_GRACE);
        return null;
      }
      throw new IOException("it ended before it was ready");
    }
  }

  private static void tell(ChildProcess child, Launch launch) {
    try {
      child.tell(launch);
    } catch (IOException e) {
      log.debug("{} does not read its stdin; how it ends says more", child.describe(), e);
    }
  }
}
