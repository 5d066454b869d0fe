// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.BufferSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A child's side of its parent's {@link SideFolder}: it reads files there and deletes none of them,
 * and makes one for an outcome with large buffers, which the parent deletes. If the parent is gone,
 * the folder will be swept.
 */
final class ChildBuffers {
  private final TaskMemory tasks;
  private final OutcomeFiles outcomes;
  private final int maxFrameBytes;

  private ChildBuffers(String prefix, Path folder, int maxFrameBytes) {
    this.tasks = new TaskMemory(key -> SideFolder.taskFile(folder, key));
    this.outcomes = new OutcomeFiles(prefix);
    this.maxFrameBytes = maxFrameBytes;
  }

  /** From the payload of a {@link Frame.Kind#BUFFERS}. */
  static ChildBuffers of(Frame frame, int maxFrameBytes) throws ProtocolException {
    String prefix = new String(frame.payload(), StandardCharsets.UTF_8);
    Path folder = Path.of(prefix).getParent();
    if (folder == null) {
      throw new ProtocolException("a folder without a name");
    }
    return new ChildBuffers(prefix, folder, maxFrameBytes);
  }

  /** The buffers of the task at hand, whichever file they are in. */
  BufferSource source() {
    return tasks.source();
  }

  /** Takes the buffers of the outcome of this delivery. */
  SideFile sink(long delivery) {
    return new SideFile(outcomes.of(delivery), maxFrameBytes, new SideRoom(maxFrameBytes));
  }
}
