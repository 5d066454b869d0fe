// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Deadline;
import dev.interlock.spi.PrefetchDepth;
import dev.interlock.spi.TaskLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks that one child has been sent and has not answered, oldest first. The child runs them in
 * this order. By the socket there is one at most; by the ring there are as many as {@link
 * PrefetchDepth} says.
 *
 * <p><b>Fencing.</b> Each sending of a task has a number of its own, its delivery. Outcomes and
 * cancellations name it, so neither a late outcome nor a late interrupt can hit another task, nor
 * the same task when it is sent again. A task in the ring has a {@link Claim} besides: taking it
 * back is one compare-and-set against the child that is about to start it, so either it never
 * starts, or it is known to have started.
 *
 * <p><b>Concurrency.</b> The monitor guards everything. It is held for sends, which do not wait,
 * and never together with the roster's lock. Thread-safe.
 *
 * <p>Longer than other classes here because all that happens under that monitor is here: who may be
 * sent what, what runs, and what is taken back.
 */
final class InFlight {
  private static final Logger log = LoggerFactory.getLogger(InFlight.class);

  private final Worker worker;
  private final TransportOptions options;
  private final RecycleRule recycling;
  private final PrefetchDepth depth;
  private final ArrayDeque<Assignment> tasks = new ArrayDeque<>();
  private final ChildLink link;

  /**
   * Changes once, from null, under the monitor. Used only for what is sent when nothing is in
   * flight by the socket.
   */
  private volatile @Nullable FastPath fastPath;

  private boolean triedToAttach;
  private long runningSinceNs;
  private long answered;

  /** Known to have begun. */
  private @Nullable Assignment begun;

  private long begunSinceNs;
  private boolean closed;

  InFlight(Worker worker, TransportOptions options, RecycleRule recycling) {
    this.worker = worker;
    this.options = options;
    this.recycling = recycling;
    this.depth = new PrefetchDepth(options.prefetch());
    this.link = new ChildLink(worker);
  }

  /** The child runs: tasks can be sent, one short one at least. */
  synchronized void open(ParentEnd end) {
    link.open(end);
  }

  /** The sockets are there. */
  synchronized void connected(Rendezvous.Channels met) {
    link.connected(met);
  }

  /** Tells the child where large buffers are, once it is connected; once. */
  synchronized void tellBuffers(SideFolder buffers) {
    link.tellBuffers(buffers);
  }

  /** Whether the child has shown that it would gain from a ring; true once at most. */
  synchronized boolean wantsRing() {
    if (triedToAttach
        || options.fastPath() == TransportOptions.FastPathPolicy.OFF
        || !depth.hasShownShortTasks()) {
      return false;
    }
    triedToAttach = true;
    return true;
  }

  /** Asks the child to map this file; false if that cannot be sent now. */
  synchronized boolean askToAttach(Path file) throws IOException {
    return !closed && link.askToAttach(file);
  }

  /**
   * The child has mapped the file. Never in the middle of a {@link #send}, which would put the task
   * into a ring that was not there when it began, and not wake the child.
   */
  synchronized void attached(FastPath path) {
    fastPath = path;
  }

  @Nullable FastPath fastPath() {
    return fastPath;
  }

  /** Tells the child that there is space in the ring for its outcomes. */
  synchronized void ring() {
    link.ring();
  }

  synchronized Room room() {
    if (closed || !link.isOpen()) {
      return Room.CLOSED;
    }
    if (!link.isConnected()) {
      return link.mayUseStdin() ? Room.OF_STDIN : Room.NONE;
    }
    FastPath path = ringForNext();
    try {
      return path == null
          ? new Room(tasks.isEmpty() ? 1 : 0, 0, false)
          : new Room(Math.min(depth.depth() - tasks.size(), tasksLeft()), path.roomBytes(), false);
    } catch (ProtocolException e) {
      condemnBecause(e);
      return Room.CLOSED;
    }
  }

  /** The ring, if the next task may go by it. */
  private @Nullable FastPath ringForNext() {
    Assignment last = tasks.peekLast();
    return last == null || last.isInRing() ? fastPath : null;
  }

  /**
   * Sends begun tasks, which then belong to this child, whatever becomes of it.
   *
   * @return those that were not sent: cancelled meanwhile, or the child takes no more
   */
  synchronized List<Assignment> send(List<Assignment> begun) {
    List<Assignment> unsent = new ArrayList<>(0);
    long before = System.nanoTime();
    FastPath path = fastPath;
    if (tasks.isEmpty()) {
      runningSinceNs = before;
      if (path != null) {
        path.spin().sentToIdle(before);
      }
    }
    boolean inRing = false;
    for (Assignment task : begun) {
      task.deliverTo(worker);
      if (task.isUnwanted() || !accepts(task)) {
        task.notStarted();
        unsent.add(task);
      } else {
        inRing |= task.isInRing();
      }
    }
    if (inRing && path != null && path.wakesChild()) {
      path.spin().woken();
      link.ring();
    }
    return unsent;
  }

  private boolean accepts(Assignment task) {
    if (closed || !link.isOpen()) {
      return false;
    }
    FastPath path = ringForNext();
    byte[] capsule = task.run().capsule(); // once: it is gone when the task is cancelled
    if (!link.isConnected() && !mayGoByStdin(task, capsule)) {
      link.leaveStdin();
      return false;
    }
    boolean large = FastPath.isLarge(capsule.length);
    try {
      if (path == null
          ? !tasks.isEmpty()
          : !hasRoom(path, capsule.length, large) || !path.offer(task, capsule)) {
        return false;
      }
    } catch (ProtocolException e) {
      condemnBecause(e);
      return false;
    }
    tasks.addLast(task);
    task.run().sent();
    if (path == null || large) {
      if (path != null && path.wakesChild()) {
        link.ring();
      }
      link.sendTask(task, capsule);
    }
    worker.alarm().sent(task);
    return true;
  }

  /** What is beside a capsule can be had only when the child has been told where. */
  private boolean mayGoByStdin(Assignment task, byte[] capsule) {
    return link.mayUseStdin()
        && capsule.length <= StdioFrames.LARGEST_PAYLOAD_BYTES
        && !(task.run() instanceof PoolRun<?> run && run.bufferBytes() > 0);
  }

  private boolean hasRoom(FastPath path, int length, boolean large) throws ProtocolException {
    int bytes = Ring.recordBytes(length);
    return tasks.isEmpty() || (!large && tasks.size() < depth.depth() && path.hasRoomFor(bytes));
  }

  private void condemnBecause(ProtocolException e) {
    log.warn("{} is killed: {}", worker, e.getMessage());
    closed = true;
    worker.killChild();
  }

  /** How many more tasks the child may be sent until it has had so many as the rule allows. */
  synchronized int tasksLeft() {
    return recycling.tasksLeft(answered, tasks.size());
  }

  /** The task gets on; nothing if it does not run there any more. */
  void progress(Frame progress) throws ProtocolException {
    Running running = running();
    if (running != null) {
      running.task().progress(progress);
    }
  }

  /** The task of this delivery, which came by the socket, begins in the child. */
  void begins(long delivery) throws ProtocolException {
    Assignment task;
    synchronized (this) {
      task = tasks.peekFirst();
      if (task == null || task.isInRing() || task.delivery() != delivery || task == begun) {
        throw new ProtocolException("the begin of " + delivery + ", which was not sent");
      }
      noteBegin(task);
    }
    worker.alarm().begun(task);
  }

  private void noteBegin(Assignment task) {
    begun = task;
    begunSinceNs = System.nanoTime();
  }

  /** The shortest limit of the tasks behind this one, or {@link TaskLimits#OFF}. */
  synchronized long shortestLimitBehind(Assignment task) {
    return tasks.stream()
        .filter(other -> other != task)
        .mapToLong(other -> other.run().watch().limits().firstNs())
        .min()
        .orElse(TaskLimits.OFF);
  }

  /** Whether the next outcome comes by the ring. */
  synchronized boolean isFirstInRing() {
    Assignment first = tasks.peekFirst();
    return first != null && first.isInRing();
  }

  /**
   * A thread is about to wait for this task.
   *
   * @return whether it should look for the outcome itself: the task is all that is in flight, its
   *     outcome comes by the ring, and likely soon
   */
  synchronized boolean isWorthLooking(Assignment task) {
    FastPath path = fastPath;
    if (path == null || tasks.size() != 1 || tasks.peekFirst() != task || !task.isInRing()) {
      return false;
    }
    path.spin().waitedFor(System.nanoTime());
    return path.maySpin();
  }

  /** The task whose outcome came by the socket; it is not in flight any more. */
  synchronized Assignment settle(long delivery) throws ProtocolException {
    long nowNs = System.nanoTime();
    return settle(delivery, nowNs - runningSinceNs, nowNs);
  }

  /**
   * The task that has this outcome; it is not in flight any more.
   *
   * @param ranNs how long it took in the child
   * @param nowNs the time, which may be that of the first of several outcomes
   */
  synchronized Assignment settle(long delivery, long ranNs, long nowNs) throws ProtocolException {
    Assignment done = tasks.peekFirst();
    if (done == null || done.delivery() != delivery) {
      throw new ProtocolException("an outcome of " + delivery + ", which nobody has asked for");
    }
    tasks.removeFirst();
    begun = null;
    answered++;
    runningSinceNs = nowNs;
    depth.ended(ranNs);
    FastPath path = fastPath;
    if (path != null) {
      path.spin().ended(ranNs, nowNs);
    }
    return done;
  }

  /** A waiting thread has looked for the outcome itself. */
  synchronized void assisted(FastPath path, boolean inVain) {
    path.spin().assisted(inVain);
  }

  /** What a task takes in this child, rather too long than too short. */
  long meanTaskNs() {
    return depth.meanNs();
  }

  // What runs, and what does not run yet.

  /** The task that runs, or that the child starts next; null if it has none. */
  synchronized @Nullable Running running() {
    Assignment task = current();
    if (task == null) {
      return null;
    }
    FastPath path = fastPath;
    if (task != begun && path != null && task.isInRing() && path.isTaken(task)) {
      noteBegin(task);
    }
    return task == begun
        ? new Running(task, true, begunSinceNs)
        : new Running(task, false, runningSinceNs);
  }

  /** The last task that the child has taken: those before it have ended. Else the first one. */
  private @Nullable Assignment current() {
    Assignment current = tasks.peekFirst();
    FastPath path = fastPath;
    if (path != null && tasks.size() > 1) {
      for (Assignment task : tasks) {
        if (!path.isTaken(task)) {
          break;
        }
        current = task;
      }
    }
    return current;
  }

  /** Whether there may be tasks that the child has not started. */
  synchronized boolean mayHoldUnstarted() {
    return tasks.size() > 1;
  }

  /**
   * Takes back what has not started, if the child has been busy with one task for that long.
   *
   * @return oldest first
   */
  synchronized List<Assignment> recallBehind(long runningForNs) {
    return System.nanoTime() - runningSinceNs < runningForNs ? List.of() : recall(tasks.size() - 1);
  }

  /**
   * Takes back the last tasks, as far as they have not started.
   *
   * @return oldest first
   */
  synchronized List<Assignment> recall(int most) {
    FastPath path = fastPath;
    List<Assignment> recalled = new ArrayList<>();
    if (path != null) {
      Iterator<Assignment> newest = tasks.descendingIterator();
      while (recalled.size() < most && newest.hasNext()) {
        Assignment task = newest.next();
        if (!takeBack(path, task)) {
          break; // nor can those before it
        }
        newest.remove();
        recalled.add(task);
      }
      Collections.reverse(recalled);
    }
    return recalled;
  }

  /** False if the child has started it. */
  private boolean takeBack(FastPath path, Assignment task) {
    if (!path.revoke(task)) {
      return false;
    }
    link.forget(task);
    task.notStarted();
    return true;
  }

  /** All that has not started. */
  List<Assignment> recallAll() {
    return recall(Integer.MAX_VALUE);
  }

  /**
   * The task is cancelled: takes it back if it has not started, else interrupts it if that is
   * wanted.
   *
   * @return whether it was taken back, and will never start
   */
  synchronized boolean cancel(Assignment task, boolean mayInterrupt) {
    FastPath path = fastPath;
    if (!tasks.contains(task)) {
      return false;
    }
    if (path != null && takeBack(path, task)) {
      tasks.remove(task);
      return true;
    }
    if (mayInterrupt && current() == task) {
      interrupt(task);
    }
    return false;
  }

  /** Interrupts the task that runs. */
  synchronized void interruptRunning() {
    Assignment running = current();
    if (running != null) {
      interrupt(running);
    }
  }

  private void interrupt(Assignment running) {
    link.interrupt(running);
    worker.alarm().interrupted();
  }

  /**
   * If {@code task} is the one that runs, takes back all that has not started, and takes no more
   * tasks: who is told true may kill the child, and hits no other task. Its outcome may still come
   * before the kill does.
   */
  boolean condemn(Assignment task) {
    List<Assignment> unstarted;
    boolean runs;
    synchronized (this) {
      if (closed || !tasks.contains(task)) {
        return false;
      }
      unstarted = recallAll();
      runs = tasks.peekLast() == task; // whatever is left was started, and the last one runs
      closed = runs;
    }
    worker.giveBack(unstarted);
    return runs;
  }

  /**
   * The child has begun none of its tasks for too long: takes back all that has not started, and
   * sends it no more.
   *
   * @return whether it has nothing left, and may be killed
   */
  boolean giveUp() {
    List<Assignment> unstarted;
    boolean idle;
    synchronized (this) {
      if (closed) {
        return false;
      }
      unstarted = recallAll();
      idle = tasks.isEmpty();
      closed = idle;
    }
    worker.giveBack(unstarted);
    return idle;
  }

  /** Asks the child to end; its answers are read until the deadline at most. */
  synchronized void askToEnd(Deadline deadline) {
    link.askToEnd(deadline);
  }

  /**
   * The child has ended, or will: nothing more is sent, and what it has not started it never will.
   *
   * @param broken whether the connection broke before the child had read all that was sent
   */
  synchronized Remains close(boolean broken) {
    boolean early = link.isOpen() && !link.isConnected();
    closed = true;
    List<Assignment> unstarted = recallAll();
    List<Assignment> left = List.copyOf(tasks);
    tasks.clear();
    FastPath path = fastPath;
    if (path != null) {
      path.spin().withdraw();
    }
    boolean unread =
        (broken || link.hasTaskFailed() || early)
            && left.size() == 1
            && !left.get(0).isInRing()
            && left.get(0) != begun;
    return new Remains(unread ? List.of() : left, unread ? left : List.of(), unstarted);
  }

  synchronized void closeChannels() {
    link.close();
  }
}
