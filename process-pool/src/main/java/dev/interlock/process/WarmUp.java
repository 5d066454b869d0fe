// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.Task;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Has a child do what the first tasks would have it do: decode, run and encode. The child's class
 * path may hang: who calls says by {@link FrameChannel#readUntil} how long it may take.
 */
final class WarmUp {
  /** No task of an executor has it. */
  private static final long DELIVERY = Delivery.of(0, 1, false, 0);

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
   * Loads classes and links them, as the first task of each would, but runs no code of theirs.
   *
   * @param names of classes that may be missing, or not fit
   */
  private record Loading(List<String> names) implements Task<Object> {
    @Override
    public Object call() {
      int methods = 0;
      for (String name : names) {
        methods += methodsOf(name);
      }
      return methods;
    }

    private static int methodsOf(String name) {
      try {
        Class<?> type = Class.forName(name, false, ClassLoader.getSystemClassLoader());
        return type.getDeclaredMethods().length; // to be asked for them, it is linked
      } catch (ClassNotFoundException | LinkageError e) {
        return 0; // the task that needs it will say so
      }
    }
  }

  /**
   * Runs each kind of capsule this often, and drops what comes back unread.
   *
   * @throws IOException if the child is gone or does not answer as it should
   */
  static void run(ParentEnd end, int rounds) throws IOException {
    TaskCodec codec = new TaskCodec(WarmUp.class.getClassLoader());
    for (byte[] capsule : capsules(codec)) {
      for (int i = 0; i < rounds; i++) {
        run(end, capsule);
      }
    }
  }

  /**
   * Has the child load classes, as far as it can.
   *
   * @throws IOException if the child is gone or does not answer as it should
   */
  static void load(ParentEnd end, List<String> names) throws IOException {
    run(end, new TaskCodec(WarmUp.class.getClassLoader()).encodeTask(new Loading(names)));
  }

  private static void run(ParentEnd end, byte[] capsule) throws IOException {
    end.tasks().sendFully(new Frame(Frame.Kind.TASK, DELIVERY, capsule));
    awaitOutcome(end);
  }

  /**
   * Runs what most first tasks are, a lambda, the way that a first task goes.
   *
   * @throws IOException if the child is gone or does not answer as it should
   */
  static void runFirst(ParentEnd end) throws IOException {
    Task<Object> first = () -> 1;
    byte[] capsule = new TaskCodec(WarmUp.class.getClassLoader()).encodeTask(first);
    end.sendByStdin(new Frame(Frame.Kind.TASK, DELIVERY, capsule));
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
    Task<Object> constant = () -> 1;
    return List.of(
        codec.encodeTask(constant),
        codec.encodeTask(new Sample(1, "text", parts)),
        codec.encodeTask(lambda),
        codec.encodeTask(failing));
  }
}
