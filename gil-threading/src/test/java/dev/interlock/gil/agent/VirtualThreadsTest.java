// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.spi.VirtualThreads;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Virtual threads of the application, outside tasks and started by one; from JDK 21 on. */
class VirtualThreadsTest extends BlockedTask {
  @BeforeEach
  void onlyWhereTheyExist() {
    assumeTrue(VirtualThreads.exist(), "virtual threads come with JDK 21");
  }

  private static Thread start(Runnable code) throws ReflectiveOperationException {
    Method start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    return (Thread) start.invoke(null, code);
  }

  @Test
  void thousandsParkAndSleepOutsideTasks() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger ended = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      threads.add(
          start(
              () -> {
                try {
                  go.await();
                  Thread.sleep(1);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                ended.incrementAndGet();
              }));
    }
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(ended).hasValue(2_000);
  }

  @Test
  void aTaskJoinsOneThatItStarts() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    isReleased(
        () -> {
          Thread thread =
              start(
                  () -> {
                    try {
                      end.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
          thread.join();
        },
        end::countDown);
  }
}
