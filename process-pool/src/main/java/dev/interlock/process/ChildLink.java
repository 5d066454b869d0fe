// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a parent says to one child over the two sockets. Nothing here waits. A child that does not
 * take what is so small that every living child takes it is killed. Guarded by its {@link
 * InFlight}.
 */
final class ChildLink {
  private static final Logger log = LoggerFactory.getLogger(ChildLink.class);

  private final Worker worker;
  private @Nullable ParentEnd end;
  private Rendezvous.@Nullable Channels channels;
  private boolean mayUseStdin;
  private boolean taskFailed;
  private boolean knowsBuffers;

  /** The delivery of the task that was to be interrupted before the control channel was there. */
  private @Nullable Long interruptedEarly;

  ChildLink(Worker worker) {
    this.worker = worker;
  }

  /** The child runs. Unless it is connected, one short task can be sent. */
  void open(ParentEnd opened) {
    end = opened;
    channels = opened.channels();
    mayUseStdin = channels == null;
  }

  /** The sockets are there. */
  void connected(Rendezvous.Channels met) {
    channels = met;
    mayUseStdin = false;
    Long interrupted = interruptedEarly;
    interruptedEarly = null;
    if (interrupted != null) {
      send(false, Frame.bare(Frame.Kind.CANCEL, interrupted));
    }
  }

  boolean isOpen() {
    return end != null;
  }

  boolean isConnected() {
    return channels != null;
  }

  /** Whether a task may be sent though the sockets are not there; it may once. */
  boolean mayUseStdin() {
    return mayUseStdin;
  }

  /** No task is sent until the sockets are there. */
  void leaveStdin() {
    mayUseStdin = false;
  }

  /**
   * Sends the task itself, after one that was taken back on its way. If the child is gone, its end
   * puts the task back.
   */
  void sendTask(Assignment task, byte[] capsule) {
    Rendezvous.Channels met = channels;
    ParentEnd open = end;
    if (open == null) {
      return;
    }
    SideFolder buffers = worker.buffersIfMade();
    if (buffers != null) {
      tellBuffers(buffers); // the task may have some there
    }
    Frame frame = new Frame(Frame.Kind.TASK, task.delivery(), capsule);
    try {
      if (met != null) {
        met.tasks().sendInTurn(frame);
      } else if (mayUseStdin) {
        mayUseStdin = false;
        open.sendByStdin(frame);
      } else {
        throw new IOException("the sockets are not there");
      }
    } catch (IOException e) {
      log.debug("{} is gone; its end will put the task back", worker, e);
      taskFailed = true;
    }
  }

  /** Tells the child where large buffers are, if it is connected and does not know. */
  void tellBuffers(SideFolder buffers) {
    Rendezvous.Channels met = channels;
    if (met == null || knowsBuffers) {
      return;
    }
    knowsBuffers = true;
    byte[] prefix = buffers.prefixOf(worker.name()).getBytes(StandardCharsets.UTF_8);
    try {
      met.tasks().sendInTurn(new Frame(Frame.Kind.BUFFERS, 0, prefix));
    } catch (IOException e) {
      log.debug("{} is gone; its end will put its tasks back", worker, e);
    }
  }

  /** The task was taken back: what has not begun to go out of it need not. */
  void forget(Assignment task) {
    Rendezvous.Channels met = channels;
    if (met != null) {
      met.tasks().dropPayload(task.delivery());
    }
  }

  /** Whether a task could not be sent: the child cannot have read it. */
  boolean hasTaskFailed() {
    return taskFailed;
  }

  /** Tells the child to look at the ring. */
  void ring() {
    send(true, Frame.bare(Frame.Kind.BELL, 0));
  }

  /** Interrupts the task if it runs. */
  void interrupt(Assignment task) {
    if (end != null && channels == null) {
      interruptedEarly = task.delivery();
    } else {
      send(false, Frame.bare(Frame.Kind.CANCEL, task.delivery()));
    }
  }

  private void send(boolean asTask, Frame frame) {
    Rendezvous.Channels met = channels;
    if (met == null) {
      return;
    }
    try {
      if ((asTask ? met.tasks() : met.control()).send(frame)) {
        return;
      }
    } catch (IOException e) {
      log.debug("{} takes no {}", worker, frame.kind(), e);
    }
    worker.killChild();
  }

  /**
   * Asks the child to map this file; false if a task is on its way, and this cannot be sent now.
   */
  boolean askToAttach(Path file) throws IOException {
    Rendezvous.Channels met = channels;
    if (met == null || !met.tasks().isAllSent()) {
      return false;
    }
    byte[] path = file.toString().getBytes(StandardCharsets.UTF_8);
    met.tasks().send(new Frame(Frame.Kind.ATTACH, 0, path));
    return true;
  }

  /** Asks the child to end; its answers are read until the deadline at most. */
  void askToEnd(Deadline deadline) {
    Rendezvous.Channels met = channels;
    if (met == null) {
      return;
    }
    met.tasks().readUntil(deadline);
    try {
      met.tasks().sendInTurn(Frame.bare(Frame.Kind.STOP, 0));
    } catch (IOException e) {
      log.debug("{} has ended already", worker, e);
    }
  }

  void close() {
    ParentEnd open = end;
    end = null;
    channels = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        log.debug("The channels of {} did not close well", worker, e);
      }
    }
  }
}
