// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.DeployMessages;
import org.apache.spark.deploy.master.ApplicationInfo;
import org.apache.spark.deploy.master.ExecutorDesc;
import org.apache.spark.deploy.master.Master$;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.rpc.RpcAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

/** Finds out why no executor has come: from the master, and from an executor that has died. */
final class StartProblem {
  private static final Logger log = LoggerFactory.getLogger(StartProblem.class);

  private StartProblem() {}

  static String describe(SparkContext spark, Duration waited) {
    StringBuilder text =
        new StringBuilder("spark cannot start: no executor of ")
            .append(spark.master())
            .append(" has come within ")
            .append(waited.toMillis() / 1000.0)
            .append(" s. ");
    try {
      text.append(askMaster(spark));
    } catch (RuntimeException | LinkageError e) {
      log.debug("The master tells nothing", e);
      text.append("Its web page shows the workers it has, and the executors that it tried.");
    }
    return text.append(" interlock.spark.start-timeout sets how long to wait.").toString();
  }

  /** By the master's own messages, which are not part of Spark's public interface. */
  private static String askMaster(SparkContext spark) {
    if (!spark.master().startsWith("spark://")) {
      return "See the cluster manager for what became of them.";
    }
    var address = MasterAddress.addresses(spark.master()).get(0);
    var master =
        SparkEnv.get()
            .rpcEnv()
            .setupEndpointRef(
                new RpcAddress(address.getHostString(), address.getPort()),
                Master$.MODULE$.ENDPOINT_NAME());
    DeployMessages.MasterStateResponse state =
        master.askSync(
            DeployMessages.RequestMasterState$.MODULE$,
            ClassTag$.MODULE$.apply(DeployMessages.MasterStateResponse.class));
    for (ApplicationInfo application : concat(state.activeApps(), state.completedApps())) {
      if (application.id().equals(spark.applicationId())) {
        String died = ofExecutors(application);
        if (!died.isEmpty()) {
          return died;
        }
      }
    }
    return resources(spark, state.workers());
  }

  private static List<ApplicationInfo> concat(ApplicationInfo[] some, ApplicationInfo[] others) {
    List<ApplicationInfo> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(others));
    return all;
  }

  private static String ofExecutors(ApplicationInfo application) {
    List<ExecutorDesc> gone = new ArrayList<>();
    CollectionConverters.asJava(application.removedExecutors()).forEach(gone::add);
    if (gone.isEmpty()) {
      return "";
    }
    ExecutorDesc last = gone.get(gone.size() - 1);
    String stderr =
        ExecutorLogs.stderr(last.worker().webUiAddress(), application.id(), "" + last.id());
    return gone.size()
        + " were started and died at once, the last one on "
        + last.worker().host()
        + ". "
        + (stderr.isBlank()
            ? "Its log cannot be had from here; see " + last.worker().webUiAddress() + "."
            : "Its last lines:\n" + stderr + "\n");
  }

  private static String resources(SparkContext spark, WorkerInfo[] workers) {
    List<String> free = new ArrayList<>();
    for (WorkerInfo worker : workers) {
      if (worker.isAlive()) {
        free.add(
            worker.host()
                + " ("
                + worker.coresFree()
                + " cores, "
                + worker.memoryFree()
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
}
