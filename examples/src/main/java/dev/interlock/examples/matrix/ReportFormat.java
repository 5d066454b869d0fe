// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;

/** How a report is written. */
public enum ReportFormat {
  /** For a terminal: at most 80 columns. */
  text {
    @Override
    public String write(MatrixReport report) {
      return TextReport.of(report);
    }
  },
  /** For a page. */
  markdown {
    @Override
    public String write(MatrixReport report) {
      return MarkdownReport.of(report);
    }
  },
  /** For programs: machine, cells and recommendations. */
  json {
    @Override
    public String write(MatrixReport report) {
      try {
        return JSON.writeValueAsString(report) + "\n";
      } catch (JsonProcessingException e) {
        throw new UncheckedIOException(e);
      }
    }
  },
  /** For spreadsheets: the cells. */
  csv {
    @Override
    public String write(MatrixReport report) {
      return CsvReport.of(report);
    }
  };

  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** The whole report, which ends with a line break. */
  public abstract String write(MatrixReport report);
}
