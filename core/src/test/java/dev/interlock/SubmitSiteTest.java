// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.reference.ProviderLoader;
import dev.interlock.contract.reference.SameThreadProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class SubmitSiteTest {
  private static final Task<Integer> FAILING =
      () -> {
        throw new IllegalStateException("meant to fail");
      };

  private static TaskExecutor open() {
    return new ProviderLoader(List.of(SameThreadProvider.class))
        .call(() -> Interlock.builder().submitSite(true).open());
  }

  private static TaskFuture<Integer> submitHere(TaskExecutor executor) {
    return executor.submit(FAILING);
  }

  private static TaskFuture<Integer> submitThere(TaskExecutor executor) {
    return executor.submit(FAILING);
  }

  private static Throwable siteOf(TaskFuture<Integer> future) {
    return catchThrowable(future::join).getSuppressed()[0];
  }

  private static List<String> methods(Throwable site) {
    return Arrays.stream(site.getStackTrace()).map(StackTraceElement::getMethodName).toList();
  }

  @Test
  void tasksInQuickSuccessionShareASiteThatSaysSo() {
    try (TaskExecutor executor = open()) {
      List<TaskFuture<Integer>> futures =
          IntStream.range(0, 2_000).mapToObj(i -> submitHere(executor)).toList();
      List<Throwable> sites = futures.stream().map(SubmitSiteTest::siteOf).toList();
      assertThat(sites).allMatch(site -> methods(site).contains("submitHere"));
      assertThat(sites.get(0)).hasMessageEndingWith(") was submitted here");
      assertThat(sites)
          .anyMatch(site -> site.getMessage().contains("submitted just before by the same thread"));
    }
  }

  @Test
  void threadsDoNotShareSites() {
    try (TaskExecutor executor = open()) {
      for (int i = 0; i < 100; i++) {
        TaskFuture<Integer> mine = submitHere(executor);
        List<TaskFuture<Integer>> another = new ArrayList<>();
        CompletableFuture.runAsync(() -> another.add(submitThere(executor))).join();
        assertThat(methods(siteOf(mine))).contains("submitHere");
        assertThat(methods(siteOf(another.get(0)))).contains("submitThere");
      }
    }
  }
}
