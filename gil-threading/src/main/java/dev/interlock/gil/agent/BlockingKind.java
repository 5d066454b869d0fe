// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

/** What a thread can block in, in the JDK. */
enum BlockingKind {
  /** Waiting for time to pass. */
  SLEEP("sleep"),
  /** Waiting for a thread to end. */
  JOIN("join"),
  /** Parking: queues, futures, latches, locks, conditions, the HTTP client. */
  PARK("park"),
  /** Waiting on a monitor on behalf of the caller. */
  MONITOR("timed wait on a monitor"),
  /** Waiting for a reference to be cleared. */
  REFERENCE_QUEUE("reference queue"),
  /** {@code PipedInputStream}, {@code PipedReader} and their writing ends. */
  PIPED_STREAM("piped stream"),
  /** Opening a file; that of a FIFO waits for the other end. */
  OPEN_FILE("opening a file"),
  /** {@code FileInputStream} and {@code FileOutputStream}: files, console, a process's streams. */
  FILE_STREAM("file stream"),
  /** {@code RandomAccessFile}. */
  RANDOM_ACCESS_FILE("random access file"),
  /** {@code FileChannel}, and {@code Pipe} where it uses the same code. */
  FILE_CHANNEL("file channel"),
  /** {@code Files.copy}. */
  COPY_FILE("copying a file"),
  /** {@code Socket}, {@code SocketChannel}, {@code Pipe}, with their connect. */
  SOCKET("socket"),
  /** {@code ServerSocket.accept} and {@code ServerSocketChannel.accept}. */
  ACCEPT("accept"),
  /** {@code DatagramSocket} and {@code DatagramChannel}. */
  DATAGRAM("datagram"),
  /** {@code Selector.select}. */
  SELECT("select"),
  /** Starting a process, and waiting for its end. */
  PROCESS("process"),
  /** Asking the system for the address of a name, and whether it can be reached. */
  NAME_LOOKUP("name lookup"),
  /** Registering with a {@code WatchService}. */
  WATCH("directory watch");

  private final String text;

  BlockingKind(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
