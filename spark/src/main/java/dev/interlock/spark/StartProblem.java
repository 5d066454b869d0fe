// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.master.Master$;
import org.apache.spark.deploy.master.MasterMessages;
import org.apache.spark.rpc.RpcAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag$;

/**
 * Finds out why no executor has come: from the web pages of the Master and its Workers, which tell
 * in JSON what they have and which executors have died.
 */
final class StartProblem {
  private static final Logger log = LoggerFactory.getLogger(StartProblem.class);
  private static final int ENOUGH_DEATHS = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  private StartProblem() {}

  static String describe(SparkContext spark, Duration waited) {
    StringBuilder text =
        new StringBuilder("spark cannot start: no executor of ")
            .append(spark.master())
            .append(" has come (start-timeout: ")
            .append(waited.toMillis() / 1000.0)
            .append(" s). ");
    try {
      text.append(askMaster(spark));
    } catch (IOException | RuntimeException | LinkageError e) {
      log.debug("The master tells nothing", e);
      text.append("Its web page shows the workers it has, and the executors that it tried.");
    }
    return text.append(" interlock.spark.start-timeout sets how long to wait.").toString();
  }

  /** Whether executors were started again and again, and died each time. */
  static boolean isHopeless(SparkContext spark) {
    if (!spark.master().startsWith("spark://")) {
      return false;
    }
    try {
      int died = 0;
      for (JsonNode worker : read(masterPage(spark)).path("workers")) {
        if (worker.path("state").asText().equals("ALIVE")) {
          died += diedOf(worker, spark.applicationId()).size();
        }
      }
      return died >= ENOUGH_DEATHS;
    } catch (IOException | RuntimeException | LinkageError e) {
      log.debug("The master tells nothing", e);
      return false;
    }
  }

  private static String askMaster(SparkContext spark) throws IOException {
    if (!spark.master().startsWith("spark://")) {
      return "See the cluster manager for what became of them.";
    }
    List<String> free = new ArrayList<>();
    for (JsonNode worker : read(masterPage(spark)).path("workers")) {
      if (worker.path("state").asText().equals("ALIVE")) {
        String died = diedOn(worker, spark.applicationId());
        if (!died.isEmpty()) {
          return died;
        }
        free.add(
            worker.path("host").asText()
                + " ("
                + worker.path("coresfree").asInt()
                + " cores, "
                + worker.path("memoryfree").asInt()
                + " MiB free)");
      }
    }
    return free.isEmpty()
        ? "The master has no worker. Start one: sbin/start-worker.sh " + spark.master() + "."
        : "The master has "
            + String.join(", ", free)
            + ", and an executor wants "
            + spark.conf().get("spark.executor.cores", "1")
            + " cores and "
            + spark.conf().get("spark.executor.memory", "1g")
            + ". Ask for less by spark.executor.cores and spark.executor.memory in"
            + " interlock.spark.conf, or stop another application.";
  }

  /** Where its web page is, it says by a message that is not part of Spark's public interface. */
  private static String masterPage(SparkContext spark) {
    InetSocketAddress address = MasterAddress.addresses(spark.master()).get(0);
    MasterMessages.BoundPortsResponse ports =
        SparkEnv.get()
            .rpcEnv()
            .setupEndpointRef(
                new RpcAddress(address.getHostString(), address.getPort()),
                Master$.MODULE$.ENDPOINT_NAME())
            .askSync(
                MasterMessages.BoundPortsRequest$.MODULE$,
                ClassTag$.MODULE$.apply(MasterMessages.BoundPortsResponse.class));
    return "http://" + address.getHostString() + ":" + ports.webUIPort();
  }

  private static JsonNode read(String page) throws IOException {
    try (InputStream in = WebPage.open(page + "/json/")) {
      return JSON.readTree(in);
    }
  }

  private static List<Integer> diedOf(JsonNode worker, String applicationId) throws IOException {
    List<Integer> died = new ArrayList<>();
    for (JsonNode executor : read(worker.path("webuiaddress").asText()).path("finishedexecutors")) {
      if (executor.path("appid").asText().equals(applicationId)) {
        died.add(executor.path("id").asInt());
      }
    }
    return died;
  }

  /** What became of the last executor of the application there; empty if none has died. */
  private static String diedOn(JsonNode worker, String applicationId) throws IOException {
    List<Integer> died = diedOf(worker, applicationId);
    if (died.isEmpty()) {
      return "";
    }
    String page = worker.path("webuiaddress").asText();
    String said = ExecutorLogs.both(page, applicationId, "" + Collections.max(died));
    return died.size()
        + " were started on "
        + worker.path("host").asText()
        + " and died at once. "
        + (said.isBlank()
            ? "Their logs are at " + page + "."
            : "The last lines of the last one:\n" + said + "\n");
  }
}
