// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;

/** Messages as lines of text and back. */
final class CellLines {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private CellLines() {}

  static boolean isMessage(String line) {
    return line.startsWith(CellMessage.MARK);
  }

  static String write(CellMessage message) {
    try {
      return CellMessage.MARK + JSON.writerFor(CellMessage.class).writeValueAsString(message);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static CellMessage read(String line) {
    try {
      return JSON.readValue(line.substring(CellMessage.MARK.length()), CellMessage.class);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
