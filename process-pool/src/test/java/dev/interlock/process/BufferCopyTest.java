// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BufferCopyTest {
  private static final int LARGE_PIECES = 257;
  private static final long LARGE_BYTES = (long) LARGE_PIECES * Chunks.BYTES;

  private static int index(long at) {
    assertThat(at % Chunks.BYTES).isZero();
    return (int) (at / Chunks.BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        1,
        Chunks.BYTES,
        Chunks.BYTES + 1,
        BufferCopy.LEAST_SHARED_BYTES - 1,
        BufferCopy.LEAST_SHARED_BYTES,
        LARGE_BYTES,
        LARGE_BYTES - 7
      })
  void copiesEachByteOnce(long bytes) throws Exception {
    AtomicIntegerArray seen = new AtomicIntegerArray(LARGE_PIECES + 1);
    AtomicLong copied = new AtomicLong();
    BufferCopy.Piece piece =
        (at, chunk) -> {
          seen.incrementAndGet(index(at));
          copied.addAndGet(chunk.remaining());
        };
    BufferCopy.shared(bytes, piece, piece);
    assertThat(copied.get()).isEqualTo(bytes);
    long pieces = (bytes + Chunks.BYTES - 1) / Chunks.BYTES;
    for (int i = 0; i <= LARGE_PIECES; i++) {
      assertThat(seen.get(i)).isEqualTo(i < pieces ? 1 : 0);
    }
  }

  @Test
  void inOrderMeansInOrder() throws Exception {
    AtomicLong next = new AtomicLong();
    BufferCopy.inOrder(
        LARGE_BYTES, (at, chunk) -> assertThat(at).isEqualTo(next.getAndAdd(chunk.remaining())));
    assertThat(next.get()).isEqualTo(LARGE_BYTES);
  }

  private static void assumeThatThereAreHelpers() {
    assumeThat(ForkJoinPool.getCommonPoolParallelism()).isPositive();
  }

  @Test
  void whatTheHelperCannotCopyIsCopiedByTheCaller() throws Exception {
    assumeThatThereAreHelpers();
    Set<Long> copied = ConcurrentHashMap.newKeySet();
    CountDownLatch failing = new CountDownLatch(1);
    AtomicBoolean failed = new AtomicBoolean();
    BufferCopy.shared(
        LARGE_BYTES,
        (at, chunk) -> {
          await(failing);
          assertThat(copied.add(at)).isTrue();
        },
        (at, chunk) -> {
          failed.set(true);
          failing.countDown();
          throw new IOException("no help");
        });
    assertThat(failed).isTrue();
    assertThat(copied).hasSize(LARGE_PIECES);
  }

  @Test
  void aFailureEndsTheCopyForBoth() {
    assumeThatThereAreHelpers();
    AtomicBoolean over = new AtomicBoolean();
    AtomicBoolean late = new AtomicBoolean();
    CountDownLatch helping = new CountDownLatch(1);
    CountDownLatch failing = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                BufferCopy.shared(
                    LARGE_BYTES,
                    (at, chunk) -> {
                      await(helping);
                      failing.countDown();
                      throw new IOException("the disk is full");
                    },
                    (at, chunk) -> {
                      helping.countDown();
                      await(failing);
                      late.compareAndSet(false, over.get());
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is full");
    over.set(true);
    assertThat(late).isFalse();
  }

  @Test
  void aBusyPoolDoesNotHoldItUp() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    int threads = ForkJoinPool.getCommonPoolParallelism();
    CountDownLatch busy = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      ForkJoinPool.commonPool()
          .execute(
              () -> {
                busy.countDown();
                await(end);
              });
    }
    busy.await();
    try {
      AtomicLong copied = new AtomicLong();
      BufferCopy.shared(
          LARGE_BYTES,
          (at, chunk) -> copied.addAndGet(chunk.remaining()),
          (at, chunk) -> {
            throw new IOException("nobody is free to help");
          });
      assertThat(copied.get()).isEqualTo(LARGE_BYTES);
    } finally {
      end.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
