// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RingTest {
  private static final int CAPACITY = 64 << 10;
  private static final int TAIL = 0;
  private static final int HEAD = 128;

  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(Ring.CONTROL_BYTES + CAPACITY).order(ByteOrder.nativeOrder());
  private final RingWriter writer = new RingWriter(ring());
  private final RingReader reader = new RingReader(ring());

  private Ring ring() {
    return new Ring(memory, 0, Ring.CONTROL_BYTES, CAPACITY);
  }

  private static byte[] payload(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void everySizeUpToTheLimitArrivesWhole() throws Exception {
    for (int length = 0; length <= Ring.LARGEST_PAYLOAD_BYTES; length++) {
      byte[] sent = payload(length, length);
      assertThat(writer.write(-length, ~length, sent)).isTrue();
      assertThat(reader.next()).isTrue();
      assertThat(reader.id()).isEqualTo(~length);
      assertThat(reader.word()).isEqualTo(-length);
      assertThat(reader.isElsewhere()).isFalse();
      assertThat(Arrays.equals(reader.payload(), sent)).isTrue();
      reader.release();
      assertThat(reader.next()).isFalse();
      assertThat(writer.unreadBytes()).isZero();
    }
  }

  @Test
  void aRecordMaySayThatItsPayloadIsElsewhere() throws Exception {
    assertThat(writer.write(Claim.OFFERED, 7, null)).isTrue();
    assertThat(reader.next()).isTrue();
    assertThat(reader.isElsewhere()).isTrue();
    assertThat(reader.id()).isEqualTo(7);
    reader.release();
    assertThat(writer.unreadBytes()).isZero();
  }

  @Test
  void aFullRingTakesNothingMoreUntilItIsRead() throws Exception {
    byte[] some = new byte[1_000];
    int records = 0;
    while (writer.write(1, records, some)) {
      records++;
    }
    assertThat(records).isEqualTo(CAPACITY / Ring.recordBytes(some.length));
    assertThat(writer.write(1, 0, some)).isFalse();
    assertThat(writer.mustWaitFor(some.length)).isTrue();
    assertThat(reader.next()).isTrue();
    reader.release();
    assertThat(reader.wakesWriter()).isTrue();
    assertThat(reader.wakesWriter()).isFalse();
    assertThat(writer.mustWaitFor(some.length)).isFalse();
    assertThat(writer.write(1, records, some)).isTrue();
    for (int i = 1; i <= records; i++) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.id()).isEqualTo(i);
      reader.release();
    }
    assertThat(reader.isEmpty()).isTrue();
  }

  @Test
  void recordsPassBetweenThreadsAndNoWakeUpIsLost() throws Exception {
    int records = 30_000;
    Semaphore toReader = new Semaphore(0);
    Semaphore toWriter = new Semaphore(0);
    CompletableFuture<Void> writing =
        CompletableFuture.runAsync(
            () -> {
              Random random = new Random(3);
              for (int i = 0; i < records; i++) {
                byte[] sent = payload(random.nextInt(1 << random.nextInt(15)), i);
                writeOrWait(i, sent, toWriter);
                if (writer.wakesReader()) {
                  toReader.release();
                }
                for (int pause = random.nextInt(100) == 0 ? 5_000 : 0; pause > 0; pause--) {
                  Thread.onSpinWait(); // the reader falls asleep meanwhile
                }
              }
            });
    for (int i = 0; i < records; i++) {
      while (!reader.next()) {
        if (reader.fallAsleep()) {
          toReader.acquire();
        }
      }
      assertThat(reader.id()).isEqualTo(i);
      byte[] got = reader.payload();
      assertThat(Arrays.equals(got, payload(got.length, i))).isTrue();
      reader.release();
      if (reader.wakesWriter()) {
        toWriter.release();
      }
    }
    writing.join();
    assertThat(toReader.availablePermits()).isLessThanOrEqualTo(1);
    assertThat(toWriter.availablePermits()).isLessThanOrEqualTo(1);
  }

  private void writeOrWait(int id, byte[] sent, Semaphore bell) {
    try {
      while (!writer.write(0, id, sent)) {
        if (writer.mustWaitFor(sent.length)) {
          bell.acquire();
        }
      }
    } catch (ProtocolException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTaskIsEitherTakenOrTakenBack() throws Exception {
    int rounds = 20_000;
    AtomicInteger revoked = new AtomicInteger();
    CyclicBarrier barrier = new CyclicBarrier(2);
    long[] position = new long[1];
    CompletableFuture<Void> parent =
        CompletableFuture.runAsync(
            () -> {
              try {
                for (int i = 0; i < rounds; i++) {
                  position[0] = writer.position();
                  writer.write(Claim.OFFERED, i, payload(i % 40, i));
                  barrier.await();
                  if (writer.revoke(position[0])) {
                    revoked.incrementAndGet();
                  }
                  barrier.await();
                  assertThat(writer.revoke(position[0])).isFalse();
                }
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    int taken = 0;
    for (int i = 0; i < rounds; i++) {
      barrier.await();
      assertThat(reader.next()).isTrue();
      if (reader.claim()) {
        taken++;
      }
      reader.release();
      barrier.await();
    }
    parent.join();
    assertThat(taken + revoked.get()).isEqualTo(rounds);
  }

  @Test
  void nobodyRevokesWhatWasWrittenOverIt() throws Exception {
    long first = writer.position();
    writer.write(Claim.OFFERED, 1, new byte[100]);
    reader.next();
    assertThat(reader.claim()).isTrue();
    assertThat(writer.isTaken(first)).isTrue();
    reader.release();
    byte[] likeAnOffer = new byte[1_000];
    for (int i = 0; i + 3 < likeAnOffer.length; i += 4) {
      ByteBuffer.wrap(likeAnOffer).order(ByteOrder.nativeOrder()).putInt(i, Claim.OFFERED);
    }
    while (writer.write(Claim.OFFERED, 2, likeAnOffer)) {
      assertThat(writer.revoke(first)).isFalse();
      assertThat(writer.isTaken(first)).isTrue();
    }
  }

  @Test
  void positionsOutsideTheRingAreErrors() throws Exception {
    for (long tail :
        new long[] {-1, -16, 8, CAPACITY + 16, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40}) {
      memory.putLong(TAIL, tail);
      assertThatThrownBy(reader::next).isInstanceOf(ProtocolException.class);
    }
    for (long head : new long[] {-16, 16, Long.MAX_VALUE, Long.MIN_VALUE}) {
      memory.putLong(HEAD, head);
      assertThatThrownBy(writer::unreadBytes).isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void lengthsBeyondWhatWasWrittenAreErrors() throws Exception {
    for (int length :
        new int[] {-2, 49, Ring.LARGEST_PAYLOAD_BYTES + 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      memory.putLong(TAIL, 64);
      memory.putInt(Ring.CONTROL_BYTES, length);
      assertThatThrownBy(reader::next).isInstanceOf(ProtocolException.class);
    }
    memory.putInt(Ring.CONTROL_BYTES, 48);
    assertThat(reader.next()).isTrue();
  }

  @Test
  void randomMemoryIsARecordOrAnError() {
    Random random = new Random(11);
    byte[] noise = new byte[memory.capacity()];
    int records = 0;
    int errors = 0;
    for (int round = 0; round < 500; round++) {
      random.nextBytes(noise);
      memory.put(0, noise);
      RingReader hostile = new RingReader(ring());
      memory.putLong(TAIL, 16L * random.nextInt(CAPACITY / 16 + 1));
      for (int place = 0; place < CAPACITY; place += 16) {
        memory.putInt(Ring.CONTROL_BYTES + place, random.nextInt(400) - 8);
      }
      try {
        while (hostile.next()) {
          if (!hostile.isElsewhere()) {
            assertThat(hostile.payload()).hasSizeLessThanOrEqualTo(Ring.LARGEST_PAYLOAD_BYTES);
          }
          hostile.release();
          records++;
        }
      } catch (ProtocolException e) {
        errors++;
      }
    }
    assertThat(records).isPositive();
    assertThat(errors).isPositive();
  }
}
