// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.interpreters;

import dev.interlock.subinterpreter.Interpreter;
import dev.interlock.subinterpreter.Interpreters;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;

/** A direct byte buffer is shared, as a {@code memoryview} is in PEP 734; nothing is copied. */
public final class SharedMemory {
  private SharedMemory() {}

  /** Has two interpreters, one by source and one by a call, write into the same memory. */
  public static void main(String[] arguments) {
    ByteBuffer memory = ByteBuffer.allocateDirect(1 << 20);
    byte[] copied = {1};
    try (Interpreter one = Interpreters.create();
        Interpreter two = Interpreters.create()) {
      one.prepareMain("memory", memory);
      one.exec("for (int i = 0; i < memory.capacity() / 4; i++) { memory.putInt(4 * i, i); }");
      int changed =
          two.call(
              (ByteBuffer view, byte[] copy) -> {
                IntBuffer numbers = view.asIntBuffer();
                for (int i = 0; i < numbers.capacity(); i++) {
                  numbers.put(i, 2 * numbers.get(i));
                }
                copy[0] = 2;
                return numbers.capacity();
              },
              memory,
              copied);
      System.out.println(changed + " numbers, the last one " + memory.getInt(4 * (changed - 1)));
      System.out.println("a byte array is copied: " + copied[0]);
    }
  }
}
