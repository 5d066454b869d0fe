// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.codec.EncodedRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
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
 * What is longer than {@code byReferenceAbove} stays in the {@link Flight}, and only its number is
 * sent: a capsule or an outcome is a copy that nobody writes to.
 *
 * <p>A flight is in {@code flights} before its message is sent, and leaves it by one {@code
 * remove}: who gets it there, sees to the task. So none is settled twice, and none is forgotten
 * when the queues are closed.
 */
final class Mailboxes {
  private static final Logger log = LoggerFactory.getLogger(Mailboxes.class);

  private final String interpreter;
  private final int byReferenceAbove;
  private final MessageLog inbox;
  private final MessageLog outbox;
  private final AtomicLong lastNumber = new AtomicLong();
  private final ConcurrentMap<Long, Flight> flights = new ConcurrentHashMap<>();

  /** Flights that end without an outcome. */
  private final Queue<Flight> failed = new ConcurrentLinkedQueue<>();

  /** Why outcomes can no longer be read; written by the collector. */
  private volatile @Nullable Throwable failure;

  /**
   * Creates the queues.
   *
   * @throws IOException if there is no space; nothing is left
   */
  Mailboxes(String interpreter, LogDirectory directory, int byReferenceAbove)
      throws IOException {
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
   * @return false if the interpreter can take none any more
   * @throws IOException if there is no space; the interpreter goes on
   */
  boolean send(EncodedRun<?> run) throws IOException {
    Flight flight = new Flight(lastNumber.incrementAndGet(), run);
    flights.put(flight.number, flight);
    try {
      inbox.append(Message.of(flight.number, smallOnly(run.capsule())));
      run.sent();
      return true;
    } catch (IOException e) {
      if (flights.remove(flight.number) == null) {
        return true; // the interpreter has ended meanwhile, and the collector saw to the task
      }
      throw noPlace(run.describe(), "inbox", e);
    } catch (IllegalStateException e) {
      log.debug("{} takes no tasks any more", interpreter, e);
      return flights.remove(flight.number) == null;
    }
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
   * The next message; null after {@code timeoutNs} if there is none and outcomes are waiting, and
   * perhaps later if none are.
   */
  byte @Nullable [] await(long timeoutNs) throws IOException, InterruptedException {
    return hasOutcomes() ? inbox.poll(timeoutNs) : inbox.take();
  }

  /** The task that a message is about. */
  Flight flight(byte[] message) {
    return Objects.requireNonNull(flights.get(Message.flight(message)));
  }

  /** The encoded task. */
  byte[] capsule(Flight flight, byte[] message) {
    byte[] sent = Message.payload(message);
    return sent != null ? sent : flight.run.capsule();
  }

  /** The task was cancelled before it began: nothing comes of it. */
  void drop(Flight flight) {
    flights.remove(flight.number);
  }

  /** Puts an outcome into the outbox; if there is no space, the task fails. */
  void deliver(Flight flight, byte[] outcome) {
    byte[] small = smallOnly(outcome);
    if (small == null) {
      flight.outcome = outcome;
    }
    try {
      outbox.append(Message.of(flight.number, small));
    } catch (IOException e) {
      fail(flight, noPlace("The outcome of " + flight.run.describe(), "outbox", e));
    }
  }

  /** There is no outcome. */
  void fail(Flight flight, Throwable cause) {
    flight.failure = cause;
    failed.add(flight);
  }

  /** Whether outcomes wait to be received. */
  boolean hasOutcomes() {
    return failure == null && outbox.size() > 0;
  }

  // From the collector.

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
    flights.remove(flight.number);
    return flight;
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
    for (Long number : List.copyOf(flights.keySet())) {
      Flight flight = flights.remove(number);
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
    return flights.size() + " tasks";
  }
}
