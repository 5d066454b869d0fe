// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.interlock.examples.BadUsageException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Makes outcomes comparable between processes: the JSON form where it is a plain number or word,
 * otherwise its SHA-256.
 */
final class OutcomeDigest {
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  private OutcomeDigest() {}

  static String of(@Nullable Object outcome) {
    try {
      if (outcome == null || outcome instanceof Number || outcome instanceof Boolean) {
        return String.valueOf(outcome);
      }
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
        CANONICAL.writeValue(out, outcome);
      }
      return HexFormat.of().formatHex(sha256.digest());
    } catch (JsonProcessingException e) {
      throw new BadUsageException(
          "Results of this task set cannot be compared, they have no JSON form: "
              + e.getOriginalMessage()
              + ". Return numbers, texts, byte arrays, lists, maps or records.",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
