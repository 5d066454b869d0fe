// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an archive: starts a child of its own, of low priority, that does what children do at their
 * start and leaves the archive behind when it ends.
 *
 * <p>The archive grows in a {@link ScratchDirectory} inside the cache directory, which holds a file
 * named after the key. So processes see who else makes the same archive, and what a killed one
 * leaves is swept by the next that makes any. The child dies with this process, as all children do.
 * Runs on a daemon thread.
 */
final class ArchiveTraining implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(ArchiveTraining.class);
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Path NICE = Path.of("/usr/bin/nice");
  private static final String NAME = "archive-maker";
  private static final int ROUNDS = 2;
  private static final int MAX_FRAME_BYTES = 1 << 20;

  private final ArchiveStore store;
  private final StartOptions options;
  private final ChildArguments arguments;
  private final ArchiveForm form;

  ArchiveTraining(
      ArchiveStore store, StartOptions options, ChildArguments arguments, ArchiveForm form) {
    this.store = store;
    this.options = options;
    this.arguments = arguments;
    this.form = form;
  }

  void start() {
    Thread thread = new Thread(this, "interlock-archive-maker");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try (ScratchDirectory inCache = ScratchDirectory.create(store.directory(), () -> {});
        ScratchDirectory meeting = ScratchDirectory.create()) {
      Files.createFile(inCache.folder().resolve(store.key()));
      if (othersMakeIt(inCache.folder()) || store.find() != null) {
        return;
      }
      Path made = inCache.folder().resolve("archive." + form.extension());
      train(meeting.folder(), made);
      store.add(made);
      store.deleteUnused();
      log.debug("Made the archive {}", store.find());
    } catch (IOException | RuntimeException e) {
      log.info("No class-data archive was made, children start without: {}", e.getMessage());
      log.debug("The cause", e);
    }
  }

  /** Folders of dead processes are swept by now. If two see each other, none makes it. */
  private boolean othersMakeIt(Path own) throws IOException {
    try (DirectoryStream<Path> folders =
        Files.newDirectoryStream(
            store.directory(), other -> Files.exists(other.resolve(store.key())))) {
      for (Path folder : folders) {
        if (!folder.equals(own)) {
          return true;
        }
      }
      return false;
    }
  }

  private void train(Path folder, Path made) throws IOException {
    Deadline deadline = Deadline.after(LONGEST);
    try (ParentEnd end =
        ParentEnd.start(
            folder,
            NAME,
            MAX_FRAME_BYTES,
            deadline,
            own ->
                ChildProcess.start(
                    NAME,
                    "interlock-" + NAME,
                    command(made),
                    OutputRoute.NOWHERE,
                    folder,
                    own::filter))) {
      ChildProcess child = end.child();
      end.whenConnected(met -> met.tasks().readUntil(deadline));
      try {
        boolean ready = end.awaitReady();
        if (ready && end.channels() == null) {
          WarmUp.runFirst(end);
        }
        if (!ready || !end.connect()) {
          throw new IOException("its maker did not start: " + child.stderrTail());
        }
        byte[] buffers = folder.resolve("none").toString().getBytes(StandardCharsets.UTF_8);
        end.tasks().sendFully(new Frame(Frame.Kind.BUFFERS, 0, buffers));
        WarmUp.run(end, ROUNDS);
        end.tasks().sendFully(Frame.bare(Frame.Kind.STOP, 0));
        child.awaitEnd(Duration.ofNanos(Math.max(0, deadline.remainingNs())));
      } finally {
        child.kill();
        child.awaitEnd(Duration.ZERO);
      }
      if (!Files.exists(made)) {
        throw new IOException(
            "its maker left none (" + child.deathCause() + "): " + child.stderrTail());
      }
    }
  }

  private ProcessBuilder command(Path made) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(NICE)) {
      command.addAll(List.of(NICE.toString(), "-n", "10"));
    }
    command.add(options.java().launcher().toString());
    command.addAll(arguments.form());
    command.addAll(form.toMake(made));
    command.addAll(List.of("-XX:-UsePerfData", "-Xmx256m", "-Xlog:disable"));
    command.addAll(List.of("-cp", arguments.classPath().libraryText()));
    command.addAll(List.of(WorkerMain.class.getName(), NAME));
    return ChildCommand.inItsPlace(new ProcessBuilder(command), options);
  }
}
