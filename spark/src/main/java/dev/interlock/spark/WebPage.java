// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;

/** Reads from the web pages of a Master or a Worker, but not for long. */
final class WebPage {
  private static final int MOST_MS = 2_000;

  private WebPage() {}

  /**
   * Opens a page.
   *
   * @throws IOException if it is not there, or not in time
   */
  static InputStream open(String address) throws IOException {
    URLConnection connection;
    try {
      connection = URI.create(address).toURL().openConnection();
    } catch (IllegalArgumentException e) {
      throw new IOException("not an address: " + address, e);
    }
    connection.setConnectTimeout(MOST_MS);
    connection.setReadTimeout(MOST_MS);
    return connection.getInputStream();
  }
}
