// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The bytes that come back from one Spark task: flags, and one outcome for each task in it. */
final class Answer {
  /** For a Spark task that carried nothing. */
  static final byte[] NOTHING = {};

  private static final int FRESH = 1;
  private static final int INITIALIZER_FAILED = 2;

  private Answer() {}

  /**
   * @param fresh whether it was the first of its pool on its thread
   */
  static byte[] of(List<byte[]> outcomes, boolean fresh) throws IOException {
    return write(outcomes, fresh ? FRESH : 0);
  }

  /** The worker initializer has failed; nothing else has run. */
  static byte[] initializerFailed(byte[] outcome) throws IOException {
    return write(List.of(outcome), FRESH | INITIALIZER_FAILED);
  }

  private static byte[] write(List<byte[]> outcomes, int flags) throws IOException {
    int length = 1 + outcomes.stream().mapToInt(outcome -> Integer.BYTES + outcome.length).sum();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(length);
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(flags);
    for (byte[] outcome : outcomes) {
      out.writeInt(outcome.length);
      out.write(outcome);
    }
    return bytes.toByteArray();
  }

  static boolean isFresh(byte[] answer) {
    return (answer[0] & FRESH) != 0;
  }

  static boolean isInitializerFailure(byte[] answer) {
    return (answer[0] & INITIALIZER_FAILED) != 0;
  }

  static List<byte[]> outcomes(byte[] answer) throws IOException {
    List<byte[]> outcomes = new ArrayList<>(1);
    DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(answer, 1, answer.length - 1));
    while (in.available() > 0) {
      outcomes.add(in.readNBytes(in.readInt()));
    }
    return outcomes;
  }
}
