// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import java.time.Duration;

/** The queues between interpreters of a strategy that has them, as the contract sees them. */
public interface QueueKit {

  /**
   * What becomes of items whose interpreter has ended; the strategy's own constants are named so.
   */
  enum Unbound {
    /** A sentinel comes in their place. */
    UNBOUND,
    /** An error comes in their place. */
    ERROR,
    /** They leave the queue. */
    REMOVE,
    /** They stay. */
    KEEP
  }

  /** One queue; an argument of tasks. */
  interface Handle extends AutoCloseable {
    long id();

    void put(Object item) throws InterruptedException;

    void put(Object item, Duration timeout) throws InterruptedException;

    void putNow(Object item);

    Object get() throws InterruptedException;

    Object get(Duration timeout) throws InterruptedException;

    Object getNow();

    long size();

    boolean isEmpty();

    boolean isFull();

    @Override
    void close();
  }

  /** A new queue with room for so many items; at most 0 means any number. */
  Handle create(int maxSize, Unbound policy);

  /** The open queue of this id. */
  Handle lookup(long id);

  /** Whether a value crosses by itself. */
  boolean isShareable(Object value);

  /** What takes the place of an item whose interpreter has ended. */
  Object unbound();

  /** What a full queue throws. */
  Class<? extends Exception> full();

  /** What an empty queue throws. */
  Class<? extends Exception> empty();

  /** What an unknown or closed queue throws. */
  Class<? extends Exception> notFound();

  /** What comes in place of an item whose interpreter has ended. */
  Class<? extends Exception> itemInterpreterDestroyed();
}
