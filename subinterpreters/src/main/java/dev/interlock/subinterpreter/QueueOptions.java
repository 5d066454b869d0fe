// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link InterpreterQueue} is made. Immutable; each {@code with} gives changed options.
 *
 * <p>The defaults: any number of items, {@link UnboundItems#UNBOUND}, files in the default
 * directory that end with the queue, items above 4 KiB by reference.
 */
public final class QueueOptions {
  private static final int BY_REFERENCE_ABOVE_BYTES = 4 << 10;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");

  private static final QueueOptions DEFAULTS =
      new QueueOptions(
          0, null, null, null, QueueEnds.BOTH, LogRules.UNBOUNDED, BY_REFERENCE_ABOVE_BYTES);

  private final int maxSize;
  private final @Nullable UnboundItems unboundItems;
  private final @Nullable Path directory;
  private final @Nullable String name;
  private final QueueEnds ends;
  private final long maxBytes;
  private final int byReferenceAboveBytes;

  private QueueOptions(
      int maxSize,
      @Nullable UnboundItems unboundItems,
      @Nullable Path directory,
      @Nullable String name,
      QueueEnds ends,
      long maxBytes,
      int byReferenceAboveBytes) {
    this.maxSize = maxSize;
    this.unboundItems = unboundItems;
    this.directory = directory;
    this.name = name;
    this.ends = ends;
    this.maxBytes = maxBytes;
    this.byReferenceAboveBytes = byReferenceAboveBytes;
  }

  /** The defaults. */
  public static QueueOptions defaults() {
    return DEFAULTS;
  }

  /** These options with room for so many items; at most 0 means any number. */
  public QueueOptions withMaxSize(int items) {
    return new QueueOptions(
        Math.max(0, items), unboundItems, directory, name, ends, maxBytes, byReferenceAboveBytes);
  }

  /** These options with another policy for items that are put without one. */
  public QueueOptions withUnboundItems(UnboundItems policy) {
    Objects.requireNonNull(policy, "policy");
    return new QueueOptions(
        maxSize, policy, directory, name, ends, maxBytes, byReferenceAboveBytes);
  }

  /**
   * These options with the files in another directory, in a folder of this process that goes with
   * the queue.
   *
   * @param base exists and can be written to when the queue is created
   */
  public QueueOptions withDirectory(Path base) {
    Objects.requireNonNull(base, "base");
    if (isDurable()) {
      throw new IllegalArgumentException("A durable queue has its directory already: " + directory);
    }
    return new QueueOptions(
        maxSize, unboundItems, base, null, ends, maxBytes, byReferenceAboveBytes);
  }

  /**
   * These options for a queue that keeps its items when it is closed, and when the process ends,
   * however that happens: who opens {@code name} in {@code base} next, in this process or another,
   * gets those that nobody has taken. Unless set otherwise, its policy is {@link
   * UnboundItems#KEEP}.
   *
   * <p>What is in the files becomes objects of any class that the reader can load: give nobody else
   * the right to write there.
   *
   * @param base exists and can be written to when the queue is created
   * @param name letters, digits, dots, dashes and underscores, at most 100
   * @throws IllegalArgumentException if the name is not of that form
   */
  public QueueOptions withDurable(Path base, String name) {
    Objects.requireNonNull(base, "base");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name is '"
              + name
              + "', but must be 1 to 100 letters, digits, dots, dashes and underscores, and not"
              + " begin with a dot");
    }
    return new QueueOptions(
        maxSize, unboundItems, base, name, ends, maxBytes, byReferenceAboveBytes);
  }

  /**
   * These options with only some ends of a durable queue, so that another process can have the
   * other.
   *
   * @throws IllegalArgumentException if the queue is not durable
   */
  public QueueOptions withEnds(QueueEnds some) {
    Objects.requireNonNull(some, "some");
    if (!isDurable()) {
      throw new IllegalArgumentException(
          "ends is " + some + ", but only a durable queue can be shared with another process");
    }
    return new QueueOptions(
        maxSize, unboundItems, directory, name, some, maxBytes, byReferenceAboveBytes);
  }

  /**
   * These options with a limit to what the files take on disk. A put that would exceed it finds the
   * queue full. Files are of 512 KiB, or larger for one large item, and a file goes once all its
   * items were taken and the next file is in use. What stays in memory does not count.
   *
   * @param bytes at least 2 MiB
   * @throws IllegalArgumentException if it is less
   */
  public QueueOptions withMaxBytes(long bytes) {
    if (bytes < LogWriter.LEAST_DISK_BYTES) {
      throw new IllegalArgumentException(
          "maxBytes is " + bytes + ", but must be at least " + LogWriter.LEAST_DISK_BYTES);
    }
    return new QueueOptions(
        maxSize, unboundItems, directory, name, ends, bytes, byReferenceAboveBytes);
  }

  /**
   * These options with another size above which byte arrays, texts and encoded items stay in
   * memory, while only a descriptor goes through the queue's files. A durable queue has no such
   * size: all goes through the files.
   *
   * @throws IllegalArgumentException if {@code bytes} is negative
   */
  public QueueOptions withByReferenceAbove(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "byReferenceAbove is " + bytes + ", but must be 0 or more");
    }
    return new QueueOptions(maxSize, unboundItems, directory, name, ends, maxBytes, bytes);
  }

  /** How many items the queue has room for; 0 for any number. */
  public int maxSize() {
    return maxSize;
  }

  /** The policy for items that are put without one. */
  public UnboundItems unboundItems() {
    if (unboundItems != null) {
      return unboundItems;
    }
    return isDurable() ? UnboundItems.KEEP : UnboundItems.UNBOUND;
  }

  /** Where the files go; empty for {@code interlock-<user>} in {@code java.io.tmpdir}. */
  public Optional<Path> directory() {
    return Optional.ofNullable(directory);
  }

  /** Whether items outlive the queue and the process. */
  public boolean isDurable() {
    return name != null;
  }

  /** The name of a durable queue. */
  public Optional<String> name() {
    return Optional.ofNullable(name);
  }

  /** Which ends this process opens. */
  public QueueEnds ends() {
    return ends;
  }

  /** What the files may take on disk; {@code Long.MAX_VALUE} without a limit. */
  public long maxBytes() {
    return maxBytes;
  }

  /** The size above which content stays in memory. */
  public int byReferenceAboveBytes() {
    return byReferenceAboveBytes;
  }
}
