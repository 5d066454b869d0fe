// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.interlock.contract.ContractTable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/contract-table.md} is what the contract suite found in this build. With {@code
 * -Dcontract.table.update} it is written anew.
 */
class ContractTableTest {
  @Test
  void publishedTableIsThatOfThisBuild() throws Exception {
    Path root = Path.of("").toAbsolutePath().getParent();
    ContractTable table = ContractTable.of(root);
    assumeTrue(
        table.missing().isEmpty(),
        () -> "no results of " + table.missing() + ": run the tests of all modules");
    Path published = root.resolve("docs").resolve("contract-table.md");
    if (System.getProperty("contract.table.update") != null) {
      Files.writeString(published, table.render());
    }
    assertThat(Files.exists(published) ? Files.readString(published) : "")
        .as("docs/contract-table.md; write it anew by ./mvnw verify -Dcontract.table.update")
        .isEqualTo(table.render());
  }
}
