// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Task;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Has a child do what the first tasks would have it do: decode, run and encode. */
final class WarmUp {
  private WarmUp() {}

  /** A capsule with the parts that most tasks consist of. */
  private record Sample(int number, String text, List<Object> parts) implements Task<Object> {
    @Override
    public Object call() {
      ClassLoader.getSystemResource("dev/interlock/none"); // now every jar is open
      return List.of(Outcome.success(number + text.length()), parts);
    }
  }

  /**
   * Runs each kind of capsule this often, and drops what comes back unread.
   *
   * @param kind how it is sent: a {@link Frame.Kind#TASK} may have large buffers apart
   * @throws IOException if the child is gone or does not answer as it should
   */
  static void run(ParentEnd end, Frame.Kind kind, int rounds) throws IOException {
    TaskCodec codec = new TaskCodec(WarmUp.class.getClassLoader());
    for (byte[] capsule : capsules(codec)) {
      for (int i = 0; i < rounds; i++) {
        end.tasks().sendFully(new Frame(kind, 0, capsule));
        awaitOutcome(end);
      }
    }
  }

  /**
   * Runs what most first tasks are, a lambda, the way that a first task goes.
   *
   * @throws IOException if the child is gone or does not answer as it should
   */
  static void runFirst(ParentEnd end) throws IOException {
    Task<Object> first = () -> 1;
    byte[] capsule = new TaskCodec(WarmUp.class.getClassLoader()).encodeTask(first);
    end.sendByStdin(new Frame(Frame.Kind.TASK, 0, capsule));
    awaitOutcome(end);
  }

  private static void awaitOutcome(ParentEnd end) throws IOException {
    Frame answer = null;
    while (answer == null || answer.kind() == Frame.Kind.BEGUN) {
      while (!end.awaitInput(FrameChannel.NO_LIMIT)) {
        // it has connected
      }
      answer = end.read();
      if (answer == null) {
        throw new IOException("it ended while it was warmed up");
      }
    }
    if (answer.kind() != Frame.Kind.OUTCOME) {
      throw new ProtocolException("an unexpected " + answer.kind());
    }
  }

  private static List<byte[]> capsules(TaskCodec codec) {
    List<Object> parts = new ArrayList<>(List.of(1, 2L, 3.0, "four", true));
    parts.add(Map.of("key", List.of("value")));
    parts.add(new int[] {5});
    Task<Object> lambda = () -> parts.size();
    Task<Object> failing =
        () -> {
          throw new IllegalStateException("as a task may");
        };
    return List.of(
        codec.encodeTask(new Sample(1, "text", parts)),
        codec.encodeTask(lambda),
        codec.encodeTask(failing));
  }
}
