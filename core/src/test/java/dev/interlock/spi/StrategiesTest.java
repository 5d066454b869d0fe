// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.contract.LeakCheck;
import dev.interlock.contract.reference.ProviderLoader;
import dev.interlock.contract.reference.SameThreadExecutor;
import dev.interlock.contract.reference.SameThreadProvider;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class StrategiesTest {

  /** Another provider of a name, as two versions of a module would be. */
  public static class Namesake implements ExecutorProvider {
    @Override
    public String strategy() {
      return "same-thread";
    }

    @Override
    public Set<Capability> capabilities() {
      return SameThreadExecutor.CAPABILITIES;
    }

    @Override
    public int defaultWorkers(int processors) {
      return 1;
    }

    @Override
    public TaskExecutor create(ExecutorSettings settings) {
      return new SameThreadExecutor(settings);
    }
  }

  /** A second strategy. */
  public static final class Second extends Namesake {
    @Override
    public String strategy() {
      return "second";
    }
  }

  private static final ProviderLoader ONE = new ProviderLoader(List.of(SameThreadProvider.class));
  private static final ProviderLoader TWO =
      new ProviderLoader(List.of(SameThreadProvider.class, Second.class));

  @Test
  void onlyStrategyNeedNotBeNamed() {
    try (TaskExecutor executor = ONE.call(Interlock::open)) {
      assertThat(executor.strategy()).isEqualTo("same-thread");
    }
  }

  @Test
  void noStrategyNamesTheModulesToAdd() {
    assertThatThrownBy(Interlock::open)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("No strategy is on the class path")
        .hasMessageContaining("dev.interlock:interlock-gil-threading")
        .hasMessageContaining("dev.interlock:interlock-process-pool")
        .hasMessageContaining("dev.interlock:interlock-subinterpreters")
        .hasMessageContaining("dev.interlock:interlock-free-threaded");
  }

  @Test
  void severalStrategiesAndNoneChosenSaysHowToChoose() {
    assertThatThrownBy(() -> TWO.call(Interlock::open))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("same-thread, second")
        .hasMessageContaining("INTERLOCK_STRATEGY=");
    try (TaskExecutor executor = TWO.call(() -> Interlock.open("second"))) {
      assertThat(executor.strategy()).isEqualTo("second");
    }
  }

  @Test
  void unknownStrategyListsThoseThereAreAndThoseThatCanBeAdded() {
    assertThatThrownBy(() -> TWO.call(() -> Interlock.open("free-threding")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("interlock.strategy is 'free-threding' (set in code)")
        .hasMessageContaining("On the class path: same-thread, second.")
        .hasMessageContaining("free-threaded (dev.interlock:interlock-free-threaded)");
  }

  @Test
  void strategyWhoseModuleIsMissingNamesTheModule() {
    assertThatThrownBy(() -> ONE.call(() -> Interlock.open("subinterpreters")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("its module is not on the class path")
        .hasMessageContaining("Add the dependency dev.interlock:interlock-subinterpreters.");
  }

  @Test
  void twoProvidersOfOneNameAreAnError() {
    ProviderLoader loader = new ProviderLoader(List.of(SameThreadProvider.class, Namesake.class));
    assertThatThrownBy(() -> loader.call(Interlock::open))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("Two providers are named same-thread")
        .hasMessageContaining(SameThreadProvider.class.getName())
        .hasMessageContaining(Namesake.class.getName());
  }
}
