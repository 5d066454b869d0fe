// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SpinWaitTest {
  private static final long LOOK_NS = 100;
  private static final long ALONE_NS = 400;
  private static final long SWITCHED_NS = 3_000;

  private long nowNs = TimeUnit.DAYS.toNanos(1);

  private final SpinWait looks = new SpinWait(() -> nowNs);

  /** A look in vain, and what the pause after it takes. */
  private void pause(long takesNs) {
    nowNs += takesNs;
    looks.pause();
  }

  private void spinUntilItGivesWay() {
    looks.begin();
    while (looks.spins()) {
      pause(LOOK_NS);
    }
  }

  @Test
  void spinsForSomeMicrosecondsBeforeItGivesWay() {
    spinUntilItGivesWay();
    assertThat(looks.elapsedNs()).isBetween(4_000L, 10_000L);
    pause(ALONE_NS);
    assertThat(looks.spins()).isFalse();
    looks.begin();
    assertThat(looks.spins()).isTrue();
  }

  @Test
  void givesWayAtOnceAfterItFoundWhatAnotherThreadDidInItsPlace() {
    spinUntilItGivesWay();
    pause(SWITCHED_NS);
    looks.found();
    looks.begin();
    assertThat(looks.spins()).isFalse();
    pause(SWITCHED_NS);
    looks.found();
    looks.begin();
    assertThat(looks.spins()).isFalse();
  }

  @Test
  void spinsAgainAfterItFoundSomethingWithTheProcessorToItself() {
    givesWayAtOnceAfterItFoundWhatAnotherThreadDidInItsPlace();
    pause(SWITCHED_NS);
    pause(ALONE_NS);
    looks.found();
    looks.begin();
    assertThat(looks.spins()).isTrue();
  }

  @Test
  void doesNotJudgeByWhatWasThereBefore() {
    givesWayAtOnceAfterItFoundWhatAnotherThreadDidInItsPlace();
    looks.found();
    looks.begin();
    assertThat(looks.spins()).isFalse();
  }

  @Test
  void isNotMisledByALongLookInVain() {
    spinUntilItGivesWay();
    pause(SWITCHED_NS);
    pause(ALONE_NS);
    looks.found();
    looks.begin();
    assertThat(looks.spins()).isTrue();
  }
}
