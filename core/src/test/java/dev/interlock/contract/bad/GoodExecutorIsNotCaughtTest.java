// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract.bad;

import static dev.interlock.contract.bad.BadExecutorsAreCaughtTest.failed;
import static dev.interlock.contract.bad.BadExecutorsAreCaughtTest.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.bad.BadExecutors.Good;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** What the bad executors are made from passes the tests that catch them. */
@ExtendWith(LeakCheck.class)
class GoodExecutorIsNotCaughtTest {
  static Set<String> testsOfSuspects() {
    return BadExecutorsAreCaughtTest.suspects()
        .map(suspect -> (String) suspect.get()[1])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("testsOfSuspects")
  void goodExecutorIsNot(String test) {
    Events tests = run(Good.class, test);
    assertThat(failed(tests)).isEmpty();
    assertThat(tests.started().count()).isEqualTo(1);
  }

  @Test
  void undeclaredSkipsFailTheClass() {
    BadContract.suspect = Good.class;
    EngineExecutionResults results =
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(BadContract.class)).execute();
    assertThat(failed(results.testEvents())).isEmpty();
    assertThat(results.containerEvents().failed().stream())
        .singleElement()
        .extracting(event -> event.getRequiredPayload(TestExecutionResult.class))
        .satisfies(
            result ->
                assertThat(result.getThrowable().orElseThrow())
                    .hasMessageContaining("numbers of the contract that bad skips")
                    .hasMessageContaining("S3"));
  }
}
