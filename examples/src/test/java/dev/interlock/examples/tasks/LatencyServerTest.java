// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LatencyServerTest {
  @Test
  void theAnswerDependsOnTheNumberAlone() throws Exception {
    try (LatencyServer server = LatencyServer.start()) {
      String seven = server.address().resolve("/item/7?ms=0-1").toString();
      String eight = server.address().resolve("/item/8?ms=0-1").toString();
      assertThat(Page.fetch(seven).status()).isEqualTo(200);
      assertThat(Page.fetch(seven)).isEqualTo(Page.fetch(seven));
      assertThat(Page.fetch(seven)).isNotEqualTo(Page.fetch(eight));
    }
  }

  @Test
  void aThousandDelayedRequestsWaitAtOnceOnTwoThreads() throws Exception {
    try (LatencyServer server = LatencyServer.start()) {
      HttpClient client = HttpClient.newHttpClient();
      URI slow = server.address().resolve("/item/1?ms=4000-4000");
      List<CompletableFuture<HttpResponse<Void>>> answers = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        HttpRequest request = HttpRequest.newBuilder(slow).build();
        answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.discarding()));
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> server.delayed() >= 500);
      assertThat(serverThreads()).isLessThanOrEqualTo(2);
      for (CompletableFuture<HttpResponse<Void>> answer : answers) {
        assertThat(answer.get().statusCode()).isEqualTo(200);
      }
    }
    await().until(() -> serverThreads() == 0);
  }

  private static long serverThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("latency-server"))
        .count();
  }
}
