// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.Blocking;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.util.zip.CRC32;

/**
 * A page as fetched.
 *
 * @param status the HTTP status
 * @param length the length of the body in bytes
 * @param crc the body's CRC-32
 */
record Page(int status, int length, long crc) {
  private static final int TIMEOUT_MS = 30_000;

  /** Blocks until the page is there; waiting counts as {@link Blocking}. */
  static Page fetch(String address) throws Exception {
    return Blocking.call(() -> get(address));
  }

  private static Page get(String address) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(address).toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(TIMEOUT_MS);
    connection.setReadTimeout(TIMEOUT_MS);
    connection.setUseCaches(false);
    int status = connection.getResponseCode();
    try (InputStream body = connection.getInputStream()) {
      byte[] bytes = body.readAllBytes();
      CRC32 crc = new CRC32();
      crc.update(bytes);
      return new Page(status, bytes.length, crc.getValue());
    }
  }
}
