// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Has the files that a {@link SideFile} writes to, new ones or such as have been used. Thread-safe
 * if frames are written by several threads.
 */
interface SideStore {

  /**
   * A file to write to from its begin.
   *
   * @throws IOException if there can be none now
   */
  Held take() throws IOException;

  /** One file, for one frame. Used by one thread at a time. */
  interface Held {
    /** Its name in the frame. */
    long key();

    /** It, open; closed by who has made it. */
    FileChannel channel();

    /**
     * The memory of a part of it that is sure to be there; null if that part must be written.
     *
     * @return little-endian, from 0 to {@code bytes}
     */
    default @Nullable ByteBuffer memory(long at, int bytes) {
      return null;
    }

    /**
     * Whether its parts may be written in any order. Then a full disk may leave parts within its
     * size that have no memory.
     */
    boolean mayHaveHoles();

    /** The frame is written. */
    void written() throws IOException;

    /** What is in it is not needed any more, but its memory may be. */
    void release();

    /** It is not needed any more. */
    void delete();
  }
}
