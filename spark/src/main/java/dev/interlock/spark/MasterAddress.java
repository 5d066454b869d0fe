// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import com.google.common.base.Splitter;
import dev.interlock.ConfigurationException;
import dev.interlock.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The masters in {@code spark://host:port[,host:port]}. */
final class MasterAddress {
  private static final String SCHEME = "spark://";
  private static final long MOST_MS = 5_000;

  private MasterAddress() {}

  /**
   * Tries to connect: Spark itself would try for a minute, and say less.
   *
   * @throws IllegalStateException if no master answers
   */
  static void checkReachable(String master, Deadline deadline) {
    if (!master.startsWith(SCHEME)) {
      return;
    }
    List<String> failures = new ArrayList<>();
    for (InetSocketAddress address : addresses(master)) {
      try (Socket socket = new Socket()) {
        long leftMs = Math.max(1, deadline.remainingNs() / 1_000_000);
        socket.connect(address, (int) Math.min(MOST_MS, leftMs));
        return;
      } catch (UnknownHostException e) {
        failures.add(address.getHostString() + ": unknown host");
      } catch (IOException e) {
        failures.add(address + ": " + e.getMessage());
      }
    }
    throw new IllegalStateException(
        "spark cannot start: no master answers at "
            + master
            + " ("
            + String.join("; ", failures)
            + "). Start it, or set interlock.spark.master to where it is; its web page shows the"
            + " address at the top.");
  }

  static boolean isLoopback(String master) {
    if (!master.startsWith(SCHEME)) {
      return false;
    }
    for (InetSocketAddress address : addresses(master)) {
      try {
        if (!InetAddress.getByName(address.getHostString()).isLoopbackAddress()) {
          return false;
        }
      } catch (UnknownHostException e) {
        return false;
      }
    }
    return true;
  }

  /**
   * @throws ConfigurationException if one is none
   */
  static List<InetSocketAddress> addresses(String master) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    try {
      for (String part : Splitter.on(',').split(master.substring(SCHEME.length()))) {
        URI address = new URI(SCHEME + part.strip());
        if (address.getHost() == null) {
          throw wrong(master, null);
        }
        addresses.add(new InetSocketAddress(address.getHost(), address.getPort()));
      }
    } catch (ConfigurationException e) {
      throw e;
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw wrong(master, e);
    }
    return addresses;
  }

  private static ConfigurationException wrong(String master, @Nullable Exception cause) {
    return new ConfigurationException(
        "interlock.spark.master is '"
            + master
            + "', but must be spark://host:port, with more masters as ,host:port.",
        cause);
  }
}
