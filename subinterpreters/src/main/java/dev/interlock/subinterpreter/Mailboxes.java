// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.spi.PrefetchDepth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two queues of an interpreter, and the tasks between them.
 *
 * <pre>
 *   any thread                interpreter              collector
 *   send -> inbox (log) ->  take ... deliver -> outbox (log) -> receive
 *      \                        \ fail ---------------------->  /
 *       +------ flights (number -> task, large contents) ------+
 * </pre>
 *
 * <p>The flights are in a ring, each at its number. A place that is still taken when its turn comes
 * again stands for a full mailbox.
 *
 * <p>What is longer than {@code byReferenceAbove} stays in the {@link Flight}, and only its number
 * is sent: a capsule or an outcome is a copy that nobody writes to.
 *
 * <p>A flight is in {@code flights} before its message is sent, and leaves it by one
 * compare-and-set: who wins it, sees to the task. So none is settled twice, and none is forgotten
 * when the queues are closed.
 */
final class Mailboxes {
  private static final Logger log = LoggerFactory.getLogger(Mailboxes.class);

  /** Twice what is ever in flight, for outcomes that nobody has received yet. */
  private static final int PLACES = 2 * PrefetchDepth.MOST;

  private final String interpreter;
  private final int byReferenceAbove;
  private final MessageLog inbox;
  private final MessageLog outbox;
  private final AtomicLong lastNumber = new AtomicLong();

  /** Those sent whose outcome has not been received. */
  private final AtomicReferenceArray<@Nullable Flight> flights = new AtomicReferenceArray<>(PLACES);

  /** Those sent which the interpreter has not done with. */
  private final AtomicInteger unfinished = new AtomicInteger();

  /** Flights that end without an outcome. */
  private final Queue<Flight> failed = new ConcurrentLinkedQueue<>();

  /** Why outcomes can no longer be read; written by the collector. */
  private volatile @Nullable Throwable failure;

  /**
   * Creates the queues.
   *
   * @throws IOException if there is no space; nothing is left
   */
  Mailboxes(String interpreter, LogDirectory directory, int byReferenceAbove) throws IOException {
    this.interpreter = interpreter;
    this.byReferenceAbove = byReferenceAbove;
    inbox = directory.createLog("in");
    try {
      outbox = directory.createLog("out");
    } catch (IOException | RuntimeException | Error e) {
      closeQuietly(inbox);
      throw e;
    }
  }

  // From any thread.

  /**
   * Puts a task into the inbox.
   *
   * @return false if there is no place for it, or the interpreter can take none any more
   * @throws IOException if there is no space; the interpreter goes on
   */
  boolean send(PoolTask<?> run) throws IOException {
    Flight flight = new Flight(lastNumber.incrementAndGet(), run);
    if (!flights.compareAndSet(place(flight.number), null, flight)) {
      return false;
    }
    unfinished.incrementAndGet();
    try {
      inbox.append(Message.of(flight.number, smallOnly(run.capsule())));
      return true;
    } catch (IOException e) {
      if (!leave(flight)) {
        return true; // the interpreter has ended meanwhile, and the collector saw to the task
      }
      unfinished.decrementAndGet();
      throw noPlace(run.describe(), "inbox", e);
    } catch (IllegalStateException e) {
      log.debug("{} takes no tasks any more", interpreter, e);
      return !leave(flight);
    }
  }

  /** How many tasks were sent that the interpreter has not done with. */
  int unfinished() {
    return unfinished.get();
  }

  /**
   * Tasks that are in the inbox and have not begun, half of them, the last ones first. They stay
   * there: who sends them elsewhere leaves it to the two interpreters which begins a task first.
   */
  List<PoolTask<?>> recall() {
    long last = lastNumber.get();
    int most = unfinished() / 2;
    List<PoolTask<?>> recalled = new ArrayList<>();
    for (long number = last; recalled.size() < most && number > last - PLACES; number--) {
      Flight flight = flights.get(place(number));
      if (flight != null && !flight.begun && !flight.recalled && !flight.run.isDone()) {
        flight.recalled = true;
        recalled.add(flight.run);
      }
    }
    Collections.reverse(recalled);
    return recalled;
  }

  /** Asks the interpreter to end once its inbox is empty. */
  void stop() {
    try {
      inbox.append(Message.STOP);
    } catch (IOException | IllegalStateException e) {
      log.debug("{}: no message can be sent; closing the inbox ends it as well", interpreter, e);
      closeQuietly(inbox);
    }
  }

  // From the interpreter.

  /** The next message, if there is one. */
  byte @Nullable [] poll() throws IOException {
    return inbox.poll();
  }

  /**
   * The next message; null after {@code idleNs} if there is none, or after {@code stuckNs} if
   * outcomes are waiting, and perhaps later if none are.
   */
  byte @Nullable [] await(long stuckNs, long idleNs) throws IOException, InterruptedException {
    return inbox.poll(hasOutcomes() ? Math.min(stuckNs, idleNs) : idleNs);
  }

  /** The task that a message is about. */
  Flight flight(byte[] message) {
    return Objects.requireNonNull(flights.get(place(Message.flight(message))));
  }

  private static int place(long number) {
    return (int) (number & (PLACES - 1));
  }

  /** Whether the caller, and nobody else, is to see to the flight's task. */
  private boolean leave(Flight flight) {
    return flights.compareAndSet(place(flight.number), flight, null);
  }

  /** The encoded task. */
  byte[] capsule(Flight flight, byte[] message) {
    byte[] sent = Message.payload(message);
    return sent != null ? sent : flight.run.capsule();
  }

  /** The task was cancelled before it began: nothing comes of it. */
  void drop(Flight flight) {
    unfinished.decrementAndGet();
    leave(flight);
  }

  /** Puts an outcome into the outbox; if there is no space, the task fails. */
  void deliver(Flight flight, byte[] outcome) {
    unfinished.decrementAndGet();
    byte[] small = smallOnly(outcome);
    if (small == null) {
      flight.outcome = outcome;
    }
    try {
      outbox.append(Message.of(flight.number, small));
    } catch (IOException e) {
      flight.failure = noPlace("The outcome of " + flight.run.describe(), "outbox", e);
      failed.add(flight);
    }
  }

  /** There is no outcome. */
  void fail(Flight flight, Throwable cause) {
    unfinished.decrementAndGet();
    flight.failure = cause;
    failed.add(flight);
  }

  /** Whether outcomes wait to be received. */
  boolean hasOutcomes() {
    return failure == null && outbox.size() > 0;
  }

  // From the collector and those who assist it.

  /** Whether {@link #receive} has something. */
  boolean hasNews() {
    return hasOutcomes() || !failed.isEmpty();
  }

  /** The next task that is done; null if there is none now. */
  @Nullable Flight receive() {
    Flight flight = failed.poll();
    if (flight == null) {
      byte[] message = nextOutcome();
      if (message == null) {
        return null;
      }
      flight = flight(message);
      byte[] payload = Message.payload(message);
      if (payload != null) {
        flight.outcome = payload;
      }
    }
    return leave(flight) ? flight : null;
  }

  private byte @Nullable [] nextOutcome() {
    try {
      return hasOutcomes() ? outbox.poll() : null;
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      stop();
      return null;
    }
  }

  /** Why outcomes could not be read. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Deletes the queues and returns the tasks that were still between them. */
  List<Flight> close() {
    closeQuietly(inbox);
    closeQuietly(outbox);
    List<Flight> abandoned = new ArrayList<>();
    for (int place = 0; place < PLACES; place++) {
      Flight flight = flights.getAndSet(place, null);
      if (flight != null) {
        abandoned.add(flight);
      }
    }
    return abandoned;
  }

  private byte @Nullable [] smallOnly(byte[] content) {
    return content.length > byReferenceAbove ? null : content;
  }

  private IOException noPlace(String what, String queue, IOException cause) {
    return new IOException(
        what
            + " found no place in the "
            + queue
            + " of "
            + interpreter
            + ". Free space there, or set interlock.subinterpreters.directory. "
            + cause.getMessage(),
        cause);
  }

  private void closeQuietly(MessageLog queue) {
    try {
      queue.close();
    } catch (IOException e) {
      log.warn("{}: cannot delete the files of {}", interpreter, queue, e);
    }
  }

  @Override
  public String toString() {
    return unfinished + " tasks";
  }
}
