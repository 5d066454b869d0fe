// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.TaskFunction;
import dev.interlock.examples.Load;
import dev.interlock.examples.TaskSet;
import dev.interlock.examples.TaskSetting;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Data-bound: 50 tasks take a million bytes each, 50 MB in all, and give as many back. */
public final class PayloadTasks implements TaskSet<byte[], byte[]> {
  private static final int TASKS = 50;
  private static final int BYTES = 1_000_000;
  private static final byte MASK = 0x5a;

  @Override
  public String name() {
    return "payload";
  }

  @Override
  public Load load() {
    return Load.CPU;
  }

  @Override
  public List<byte[]> inputs(TaskSetting setting) {
    return IntStream.range(0, TASKS).mapToObj(PayloadTasks::block).toList();
  }

  private static byte[] block(int seed) {
    byte[] bytes = new byte[BYTES];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Override
  public TaskFunction<byte[], byte[]> function() {
    return PayloadTasks::masked;
  }

  private static byte[] masked(byte[] in) {
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i++) {
      out[i] = (byte) (in[i] ^ MASK);
    }
    return out;
  }
}
