// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.examples.TaskSet;
import java.util.List;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Runs the tasks of a set: on a strategy, or one after the other. Confined to one thread. */
interface Runner extends AutoCloseable {

  /** Runs a task per input and returns the results in their order. */
  <A, R> List<R> run(TaskSet<A, R> set, List<A> inputs) throws Exception;

  /** Hands in a task per input, all at once. */
  <A, R> List<Future<R>> submitAll(TaskSet<A, R> set, List<A> inputs) throws Exception;

  int workers();

  /** Workers that are alive now. */
  int workersAlive();

  /** Bytes encoded so far to cross a boundary. */
  long encodedBytes();

  /** What the interpreter lock has done so far; null if there is none. */
  @Nullable LockFigures lock();

  @Override
  void close();
}
