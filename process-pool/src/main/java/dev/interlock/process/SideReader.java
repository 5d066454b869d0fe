// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.BufferPart;
import dev.interlock.codec.BufferSource;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the file beside a frame. The other side names no file: the reader knows where it must be.
 * It is read, not mapped: whoever made it may still truncate it, which then is an exception, and no
 * fault.
 *
 * <p>It is opened without following links, for writing too, for then not even a pipe in its place
 * makes the reader wait; only a regular file of the same owner as its folder is read.
 *
 * <p>Used by one thread, which may have a helper: {@link BufferCopy}.
 */
final class SideReader implements BufferSource, Closeable {
  /** Apart: a child loads no logging library before it has something to say. */
  private static final class Log {
    static final Logger OF_CLASS = LoggerFactory.getLogger(SideReader.class);
  }

  /** No name in a frame. */
  private static final long ANY = 0;

  private final LongFunction<Path> place;
  private final long onlyKey;
  private final long mostBytes;
  private final ObjLongConsumer<Path> deleter;
  private @Nullable Path path;
  private @Nullable FileChannel file;
  private long readBytes;

  /** While a buffer is read. */
  private boolean interrupted;

  private SideReader(
      LongFunction<Path> place, long onlyKey, long mostBytes, ObjLongConsumer<Path> deleter) {
    this.place = place;
    this.onlyKey = onlyKey;
    this.mostBytes = mostBytes;
    this.deleter = deleter;
  }

  /**
   * Reads what the parent has written, under whatever name.
   *
   * @param place where the file of a name in the frame is
   */
  static SideReader ofParent(LongFunction<Path> place) {
    return new SideReader(place, ANY, Long.MAX_VALUE, (path, bytes) -> {});
  }

  /**
   * Reads what a child has written, and deletes it when the frame is read.
   *
   * @param place where the file of a name in the frame must be
   * @param key the only name that may come
   * @param mostBytes how much of the file may be used: it may have been longer before
   * @param deleter deletes the file, or keeps it to be written again; gets how much is in it
   */
  static SideReader ofChild(
      LongFunction<Path> place, long key, long mostBytes, ObjLongConsumer<Path> deleter) {
    return new SideReader(place, key, mostBytes, deleter);
  }

  @Override
  public long sizeBytes(long key) throws IOException {
    return Math.min(open(key).size(), mostBytes);
  }

  private FileChannel open(long key) throws IOException {
    if (onlyKey != ANY && key != onlyKey) {
      throw new IOException("it names a file that is not its own");
    }
    FileChannel opened = file;
    return opened == null ? open(path == null ? place.apply(key) : path) : opened;
  }

  @SuppressWarnings("MustBeClosedChecker") // close does
  private FileChannel open(Path wanted) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(wanted, "unix:isRegularFile,uid", LinkOption.NOFOLLOW_LINKS);
    if (!Boolean.TRUE.equals(attributes.get("isRegularFile"))) {
      throw new IOException(wanted + " is no regular file");
    }
    if (!Files.getAttribute(wanted.resolveSibling("."), "unix:uid").equals(attributes.get("uid"))) {
      throw new IOException(wanted + " is somebody else's");
    }
    FileChannel opened =
        FileChannel.open(
            wanted,
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
    path = wanted;
    file = opened;
    return opened;
  }

  @Override
  public void load(long key, long offset, long bytes, BufferPart taker) throws IOException {
    FileChannel opened = open(key);
    try {
      BufferCopy.shared(
          bytes,
          (at, chunk) -> readInSpiteOfInterrupts(key, offset + at, at, taker, chunk),
          (at, chunk) -> read(opened, offset + at, at, taker, chunk));
    } finally {
      if (interrupted) {
        interrupted = false;
        Thread.currentThread().interrupt();
      }
    }
    readBytes += bytes;
  }

  /** Whoever waits for the result wants it all the same. */
  private void readInSpiteOfInterrupts(
      long key, long offset, long at, BufferPart taker, ByteBuffer chunk) throws IOException {
    while (true) {
      try {
        read(open(key), offset, at, taker, chunk);
        return;
      } catch (ClosedChannelException e) { // by an interrupt of this thread, or of the helper
        interrupted |= Thread.interrupted();
        file = null;
        chunk.rewind();
      }
    }
  }

  private static void read(
      FileChannel source, long offset, long at, BufferPart taker, ByteBuffer chunk)
      throws IOException {
    while (chunk.hasRemaining()) {
      read(source, chunk, offset + chunk.position());
    }
    taker.at(at, chunk.flip());
  }

  private static void read(FileChannel source, ByteBuffer chunk, long at) throws IOException {
    if (source.read(chunk, at) < 0) {
      throw new EOFException("its file was cut off at " + source.size() + " bytes");
    }
  }

  /** How many bytes were read. */
  long readBytes() {
    return readBytes;
  }

  @Override
  public void end(boolean needed) {
    long size = size();
    close();
    if (needed && onlyKey != ANY) {
      deleter.accept(place.apply(onlyKey), size);
    }
  }

  private long size() {
    FileChannel opened = file;
    try {
      return opened == null ? Long.MAX_VALUE : opened.size();
    } catch (IOException e) {
      Log.OF_CLASS.debug("{} has no size", path, e);
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void close() {
    FileChannel opened = file;
    file = null;
    if (opened != null) {
      try {
        opened.close();
      } catch (IOException e) {
        Log.OF_CLASS.debug("{} did not close well", path, e);
      }
    }
  }
}
