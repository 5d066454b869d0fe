// SPDX-License-Identifier: Apache-2.0
package dev.interlock.contract.bad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.Waiting;
import dev.interlock.contract.bad.BadExecutors.FlattensAnException;
import dev.interlock.contract.bad.BadExecutors.ForgetsDecorators;
import dev.interlock.contract.bad.BadExecutors.ForgetsTheInitializer;
import dev.interlock.contract.bad.BadExecutors.IgnoresTheQueueBound;
import dev.interlock.contract.bad.BadExecutors.InterruptsTheNextTask;
import dev.interlock.contract.bad.BadExecutors.LeavesAThread;
import dev.interlock.contract.bad.BadExecutors.LosesATask;
import dev.interlock.contract.bad.BadExecutors.ReadsTooFarAhead;
import dev.interlock.contract.bad.BadExecutors.RunsAfterCancel;
import dev.interlock.contract.bad.BadExecutors.RunsOnAfterShutdownNow;
import dev.interlock.contract.bad.BadExecutors.RunsTasksSideBySide;
import dev.interlock.contract.bad.BadExecutors.SharesWhatItShouldIsolate;
import dev.interlock.contract.bad.BadExecutors.SwallowsAnException;
import dev.interlock.contract.bad.BadExecutors.WaitsInSubmit;
import dev.interlock.spi.ExecutorProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** Each bad executor is caught by the test whose number it breaks. */
@ExtendWith(LeakCheck.class)
class BadExecutorsAreCaughtTest {

  static Stream<Arguments> suspects() {
    return Stream.of(
        arguments(LosesATask.class, "required_C1_tenThousandRandomCancelsHitNoOtherTask"),
        arguments(LosesATask.class, "required_S2_plainLambdasAndMethodReferencesNeedNoCast"),
        arguments(SwallowsAnException.class, "required_F1_ownExceptionComesBackAsTheCause"),
        arguments(FlattensAnException.class, "required_F1_ownExceptionComesBackAsTheCause"),
        arguments(RunsAfterCancel.class, "required_C1_cancelBeforeStartNeverRuns"),
        arguments(
            InterruptsTheNextTask.class, "required_C1_tenThousandRandomCancelsHitNoOtherTask"),
        arguments(SharesWhatItShouldIsolate.class, "required_I2_argumentsAndResultsAreCopies"),
        arguments(
            SharesWhatItShouldIsolate.class, "required_I2_staticsOfAWorkerAreNotVisibleElsewhere"),
        arguments(SharesWhatItShouldIsolate.class, "required_S3_taskIsEncodedInSubmit"),
        arguments(
            SharesWhatItShouldIsolate.class, "required_S3_whatCannotCrossFailsInSubmitAndIsNamed"),
        arguments(RunsTasksSideBySide.class, "required_I1_oneThreadRunsTaskCodeAtAnyInstant"),
        arguments(IgnoresTheQueueBound.class, "required_S1_fullQueueRejectsWhereConfigured"),
        arguments(WaitsInSubmit.class, "required_S1_submitDoesNotWaitForExecution"),
        arguments(ReadsTooFarAhead.class, "required_M1_inputsAreReadNoFurtherThanTheBuffer"),
        arguments(RunsOnAfterShutdownNow.class, "required_C3_shutdownNowReturnsWhatNeverStarted"),
        arguments(LeavesAThread.class, "required_C3_closeWaitsAndIsIdempotent"),
        arguments(ForgetsDecorators.class, "required_W3_decoratorsWrapEveryTaskTheFirstOutermost"),
        arguments(
            ForgetsTheInitializer.class, "required_W1_initializerRunsOncePerWorkerBeforeItsTasks"));
  }

  @BeforeEach
  void shortenWaits() {
    System.setProperty(Waiting.LIMIT_PROPERTY, "1500");
  }

  @AfterEach
  void endWhatTheSuspectsLeft() {
    System.clearProperty(Waiting.LIMIT_PROPERTY);
    LosesATask.endLostTasks();
    LeavesAThread.endThreads();
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("suspects")
  void badExecutorIsCaught(Class<? extends ExecutorProvider> suspect, String test) {
    Events tests = run(suspect, test);
    assertThat(tests.started().count()).as("tests that ran").isEqualTo(1);
    assertThat(failed(tests)).as("tests that %s fails", suspect).containsExactly(test);
  }

  static Events run(Class<? extends ExecutorProvider> suspect, String test) {
    BadContract.suspect = suspect;
    return EngineTestKit.engine("junit-jupiter")
        .selectors(selectMethod(BadContract.class, test))
        .execute()
        .testEvents();
  }

  static Stream<String> failed(Events tests) {
    return tests.failed().stream().map(BadExecutorsAreCaughtTest::name);
  }

  private static String name(Event event) {
    String name = event.getTestDescriptor().getDisplayName();
    return name.substring(0, name.indexOf('('));
  }
}
