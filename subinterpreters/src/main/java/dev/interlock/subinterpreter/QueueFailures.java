// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What users are told when something cannot be done with a queue.
 *
 * @param queue how the queue is called
 * @param directory where its files are
 */
record QueueFailures(String queue, Path directory) {

  static QueueStorageException cannotOpen(QueueOptions options, IOException cause) {
    return new QueueStorageException(
        "The files of a queue cannot be had in "
            + options.directory().map(Path::toString).orElse("the default directory")
            + ". Free space there, or name a directory that can be written to by"
            + " QueueOptions.withDirectory. "
            + cause,
        cause);
  }

  QueueFullException full(int length) {
    return full(length, "");
  }

  QueueFullException stillFull(int length, long timeoutNs) {
    return full(length, ", and none came within " + Duration.ofNanos(timeoutNs));
  }

  QueueFullException tooLarge(int length) {
    return full(length, ", nor ever will be");
  }

  private QueueFullException full(int length, String when) {
    return new QueueFullException(
        "There is no room in "
            + queue
            + " for an item of "
            + length
            + " bytes"
            + when
            + ". Get items, or give it a larger maxSize or maxBytes.");
  }

  QueueEmptyException empty() {
    return new QueueEmptyException("There is no item in " + queue + ".");
  }

  QueueEmptyException stillEmpty(long timeoutNs) {
    return new QueueEmptyException(
        "There is no item in "
            + queue
            + ", and none came within "
            + Duration.ofNanos(timeoutNs)
            + ".");
  }

  QueueStorageException noSpace(IOException cause) {
    return new QueueStorageException(
        "The item found no place in "
            + queue
            + ". Free space in "
            + directory
            + ", or name another directory by QueueOptions.withDirectory. "
            + cause.getMessage(),
        cause);
  }

  QueueStorageException unreadable(IOException cause) {
    return new QueueStorageException(
        queue + " cannot be read: " + cause.getMessage() + ". Close it.", cause);
  }

  QueueStorageException notDeleted(IOException cause) {
    return new QueueStorageException(
        "The files of " + queue + " cannot be deleted: " + cause, cause);
  }

  IllegalStateException notThisEnd(String what, QueueEnds needed) {
    return new IllegalStateException(
        "This process cannot "
            + what
            + " "
            + queue
            + ": it has opened the other end only. Open it with QueueEnds."
            + needed
            + " or BOTH.");
  }

  IllegalStateException notDestroyed(QueueEnds ends) {
    return new IllegalStateException(
        "Only who has both ends can destroy " + queue + ", and here is " + ends);
  }
}
