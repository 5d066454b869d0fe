// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A web server on the loopback interface that takes its time: {@code GET /item/7?ms=50-150}.
 *
 * <p>Both the latency and the text depend on the item's number alone, so every strategy meets the
 * same server. A delayed answer holds no thread: two threads serve any number of requests. It runs
 * in the process that reports, so that its cost is not in the processes that are measured.
 */
public final class LatencyServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LatencyServer.class);
  private static final Pattern ITEM =
      Pattern.compile("/item/(\\d{1,9})\\?ms=(\\d{1,5})-(\\d{1,5})");
  private static final int BACKLOG = 4_096;
  private static final int WORDS = 200;

  private final HttpServer server;
  private final ScheduledThreadPoolExecutor timer;

  private LatencyServer(HttpServer server, ScheduledThreadPoolExecutor timer) {
    this.server = server;
    this.timer = timer;
  }

  /** Starts one on a free port. */
  public static LatencyServer start() throws IOException {
    // Without it, an answer waits up to 40 ms for the client's delayed acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            2,
            body -> {
              Thread thread = new Thread(body, "latency-server");
              thread.setDaemon(true);
              return thread;
            });
    LatencyServer latencyServer = new LatencyServer(server, timer);
    server.setExecutor(timer);
    server.createContext("/item/", latencyServer::accept);
    server.start();
    return latencyServer;
  }

  /** Where it listens. */
  public URI address() {
    InetSocketAddress address = server.getAddress();
    return URI.create("http://" + hostOf(address.getAddress()) + ":" + address.getPort() + "/");
  }

  /** How many answers are being delayed now. */
  int delayed() {
    return timer.getQueue().size();
  }

  private static String hostOf(InetAddress address) {
    String host = address.getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }

  @SuppressWarnings("FutureReturnValueIgnored") // respond reports its own failures
  private void accept(HttpExchange exchange) {
    Matcher item = ITEM.matcher(exchange.getRequestURI().toString());
    if (!item.matches()) {
      respond(exchange, 404, "GET /item/NUMBER?ms=LEAST-MOST");
      return;
    }
    SplittableRandom random = new SplittableRandom(Long.parseLong(item.group(1)));
    int least = Integer.parseInt(item.group(2));
    int most = Math.max(least, Integer.parseInt(item.group(3)));
    int latencyMs = random.nextInt(least, most + 1);
    timer.schedule(() -> respond(exchange, 200, text(random)), latencyMs, TimeUnit.MILLISECONDS);
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int word = 0; word < WORDS; word++) {
      text.append(Long.toString(random.nextLong(), Character.MAX_RADIX)).append(' ');
    }
    return text.toString();
  }

  private static void respond(HttpExchange exchange, int status, String text) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      log.debug("A client went away before its answer", e); // it was killed, or gave up
    }
  }

  @Override
  public void close() {
    server.stop(0);
    timer.shutdownNow();
  }
}
