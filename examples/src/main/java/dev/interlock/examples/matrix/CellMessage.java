// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What a JVM that measures tells its parent, one per line on its standard output. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "message")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CellMessage.Running.class, name = "running"),
  @JsonSubTypes.Type(value = CellMessage.Measured.class, name = "measured"),
  @JsonSubTypes.Type(value = CellMessage.Refused.class, name = "refused")
})
sealed interface CellMessage {

  /** What a line with a message begins with; other lines are the tasks' own. */
  String MARK = "\u0001";

  /** A task set is about to run: 0 to warm up, otherwise the number of the measured run. */
  record Running(String tasks, int run) implements CellMessage {}

  /** A cell is done. */
  record Measured(RawCell cell) implements CellMessage {}

  /** The configuration or a task set is wrong: there is no point in going on. */
  record Refused(String reason) implements CellMessage {}
}
