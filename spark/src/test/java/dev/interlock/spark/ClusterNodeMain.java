// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;
import scala.Tuple3;

/**
 * What a Master's or Worker's JVM runs: Spark's own, and a thread that ends the JVM when its
 * standard input ends, as it does when the process that started it dies, however it dies. The
 * Worker's executors end with it: Spark sees to that.
 */
final class ClusterNodeMain {
  private ClusterNodeMain() {}

  /** {@code master HOST PORT ADDRESS_FILE}, or {@code worker} and the arguments of Spark's. */
  public static void main(String[] args) throws IOException {
    Thread watch = new Thread(ClusterNodeMain::endWithParent, "parent-watch");
    watch.setDaemon(true);
    watch.start();
    if (args[0].equals("master")) {
      master(args[1], Integer.parseInt(args[2]), Path.of(args[3]));
    } else {
      String[] rest = new String[args.length - 1];
      System.arraycopy(args, 1, rest, 0, rest.length);
      Worker.main(rest);
    }
  }

  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // nothing is ever sent
      }
    } catch (IOException e) {
      System.err.println("The parent's pipe broke: " + e);
    }
    Runtime.getRuntime().halt(1);
  }

  /** As {@code Master.main} does; it would keep the ports that it got to itself. */
  private static void master(String host, int port, Path addressFile) throws IOException {
    Tuple3<RpcEnv, Object, Option<Object>> started =
        Master.startRpcEnvAndEndpoint(host, port, 0, new SparkConf());
    Path written = addressFile.resolveSibling(addressFile.getFileName() + ".new");
    Files.writeString(written, started._1().address().port() + " " + started._2());
    Files.move(written, addressFile, StandardCopyOption.ATOMIC_MOVE);
    started._1().awaitTermination();
  }
}
