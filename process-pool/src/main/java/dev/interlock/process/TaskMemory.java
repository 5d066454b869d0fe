// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.BufferPart;
import dev.interlock.codec.BufferSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child's view of its parent's {@link TaskFiles}: a file that comes for the second time is
 * mapped, and stays so, which takes a third of the time that reading takes. The parent is trusted
 * not to cut a file off that a task refers to; what it has deleted holds no memory.
 *
 * <p>Used by one thread.
 */
final class TaskMemory {
  /** Apart: a child loads no logging library before it has something to say. */
  private static final class Log {
    static final Logger OF_CLASS = LoggerFactory.getLogger(TaskMemory.class);
  }

  private static final float LOAD_FACTOR = 0.75f;
  private static final ByteBuffer NOT_MAPPED = ByteBuffer.allocate(0);

  private final LongFunction<Path> place;

  /** The files used last; at most as many as the parent keeps. */
  private final Map<Long, ByteBuffer> known =
      new LinkedHashMap<>(TaskFiles.MOST_KEPT, LOAD_FACTOR, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, ByteBuffer> eldest) {
          return size() > TaskFiles.MOST_KEPT;
        }
      };

  /**
   * @param place where the file of a name in a frame is
   */
  TaskMemory(LongFunction<Path> place) {
    this.place = place;
  }

  /** The buffers of one task. */
  BufferSource source() {
    return new Source();
  }

  /** The file up to {@code end}; null if it is to be read. */
  private @Nullable ByteBuffer upTo(long end, long key) {
    ByteBuffer memory = known.putIfAbsent(key, NOT_MAPPED);
    if (memory == null || memory.capacity() >= end) {
      return memory;
    }
    Path path = place.apply(key);
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = file.size();
      if (size < end || size > Integer.MAX_VALUE) {
        return null;
      }
      memory = file.map(FileChannel.MapMode.READ_ONLY, 0, size);
    } catch (IOException e) { // or an interrupt
      Log.OF_CLASS.debug("{} is read", path, e);
      return null;
    }
    known.put(key, memory);
    return memory;
  }

  private final class Source implements BufferSource {
    private final SideReader reader = SideReader.ofParent(place);

    @Override
    public long sizeBytes(long key) throws IOException {
      return Files.size(place.apply(key));
    }

    @Override
    public void load(long key, long offset, long bytes, BufferPart taker) throws IOException {
      ByteBuffer memory = upTo(offset + bytes, key);
      if (memory == null) {
        reader.load(key, offset, bytes, taker);
        return;
      }
      BufferCopy.Piece piece =
          (at, chunk) ->
              taker.at(
                  at,
                  memory
                      .slice((int) (offset + at), chunk.remaining())
                      .order(ByteOrder.LITTLE_ENDIAN));
      BufferCopy.shared(bytes, piece, piece);
    }

    @Override
    public void end(boolean needed) {
      reader.end(needed);
    }
  }
}
