// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Deflater;

/**
 * What is found out about one file.
 *
 * @param path where it is
 * @param bytes its size
 * @param sha256 its SHA-256 in hexadecimal
 * @param deflatedBytes its size once deflated
 * @param words how many runs of bytes other than white space it has
 */
public record FileSummary(String path, long bytes, String sha256, long deflatedBytes, long words) {
  private static final int BLOCK_BYTES = 64 * 1024;

  /** Reads it, from beginning to end. */
  public static FileSummary of(String path) throws IOException, NoSuchAlgorithmException {
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    Deflater deflater = new Deflater();
    byte[] block = new byte[BLOCK_BYTES];
    byte[] deflated = new byte[BLOCK_BYTES];
    long bytes = 0;
    long words = 0;
    boolean inWord = false;
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      for (int read = in.read(block); read > 0; read = in.read(block)) {
        bytes += read;
        sha256.update(block, 0, read);
        deflater.setInput(block, 0, read);
        while (!deflater.needsInput()) {
          deflater.deflate(deflated);
        }
        for (int i = 0; i < read; i++) {
          boolean space = block[i] <= ' ' && block[i] >= 0;
          words += inWord || space ? 0 : 1;
          inWord = !space;
        }
      }
      deflater.finish();
      while (!deflater.finished()) {
        deflater.deflate(deflated);
      }
      return new FileSummary(
          path,
          bytes,
          HexFormat.of().formatHex(sha256.digest()),
          deflater.getBytesWritten(),
          words);
    } finally {
      deflater.end();
    }
  }
}
