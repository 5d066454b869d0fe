// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.Arrays;
import org.objectweb.asm.ClassReader;

/** Reads a class file and remembers at which offset each instruction of a method was. */
final class OffsetReader extends ClassReader {
  private int[] offsets = new int[256];
  private int size;

  OffsetReader(byte[] classFile) {
    super(classFile);
  }

  @Override
  protected void readBytecodeInstructionOffset(int bytecodeOffset) {
    if (size == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * size);
    }
    offsets[size++] = bytecodeOffset;
  }

  /** The offsets since the last time, one per instruction, in their order. */
  int[] take() {
    int[] taken = Arrays.copyOf(offsets, size);
    size = 0;
    return taken;
  }
}
