// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractTableFormTest {
  @TempDir private Path root;

  @Test
  void cellsTellWhatPassedWhatWasSkippedAndWhatFailed() throws Exception {
    Path results = Files.createDirectories(root.resolve("gil/target/contract-results"));
    List<ContractResult> written =
        List.of(
            new ContractResult("required_S1_a", ContractResult.Outcome.PASSED, ""),
            new ContractResult("required_S1_b", ContractResult.Outcome.PASSED, ""),
            new ContractResult("optional_S6_a", ContractResult.Outcome.SKIPPED, "lacks KILL"),
            new ContractResult("required_P_a", ContractResult.Outcome.FAILED, "a, b\nc"));
    Files.write(
        results.resolve("gil-threading.csv"), written.stream().map(r -> r.toLine()).toList());
    ContractTable table = ContractTable.of(root);
    assertThat(table.missing())
        .containsExactly(
            "process-pool",
            "subinterpreters",
            "free-threaded",
            "spark-local",
            "spark-cluster",
            "same-thread");
    assertThat(table.render())
        .containsPattern("\\| \\*\\*S1\\*\\* .* \\| passed 2 \\| not yet \\|")
        .containsPattern("\\| \\*\\*S6\\*\\* .* \\| lacks KILL \\| not yet \\|")
        .containsPattern("\\| \\*\\*P\\*\\* .* \\| FAILED 1 \\| not yet \\|")
        .containsPattern(
            "\\| \\*\\*I3\\*\\* .* \\| lacks interpreters \\| lacks interpreters \\| not yet \\|");
  }

  @Test
  void everyTestOfTheContractHasARow() {
    String table = ContractTable.of(root).render();
    Set<String> numbers =
        Arrays.stream(ExecutorContract.class.getMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .map(method -> new ContractResult(method.getName(), ContractResult.Outcome.PASSED, ""))
            .map(ContractResult::number)
            .collect(Collectors.toSet());
    assertThat(numbers).contains("S1", "M4", "P");
    assertThat(numbers).allSatisfy(number -> assertThat(table).contains("| **" + number + "** "));
  }

  @Test
  void lineOfAResultCanBeReadBack() {
    ContractResult result =
        new ContractResult("required_S3_x", ContractResult.Outcome.SKIPPED, "lacks ISOLATED_STATE");
    assertThat(ContractResult.ofLine(result.toLine())).isEqualTo(result);
    assertThat(result.number()).isEqualTo("S3");
    assertThat(ContractResult.isNumbered("closesQuietly")).isFalse();
  }
}
