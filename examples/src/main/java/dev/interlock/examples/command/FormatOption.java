// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** Text for people, or JSON for programs. */
final class FormatOption {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .build();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
  private Format format = Format.text;

  private enum Format {
    text,
    json
  }

  /** The report as it was asked for; ends with a line break. */
  String write(Object report, Supplier<String> text) throws JsonProcessingException {
    return format == Format.json ? JSON.writeValueAsString(report) + "\n" : text.get();
  }
}
