// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.acme.Samples;
import dev.interlock.gil.instrument.Site;
import dev.interlock.gil.instrument.Sites;
import dev.interlock.gil.instrument.SwitchPoints;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the agent says of itself, and how classes are switched. */
class AgentCoverageTest {

  /** Loads the classes that it is given anew, from changed class files. */
  private static final class Loader extends ClassLoader {
    Loader() {
      super(AgentCoverageTest.class.getClassLoader());
    }

    Class<?> define(byte[] classFile) {
      return defineClass(null, classFile, 0, classFile.length);
    }
  }

  private static final class Counter {
    private static int num;

    static int increment() {
      return ++num;
    }

    static native void inSystemCode();
  }

  @Test
  void withoutAnAgentThereIsNothing() {
    assumeTrue(GilAgent.coverage().state() == AgentState.ABSENT);
    AgentCoverage coverage = GilAgent.coverage();
    assertThat(coverage.classesInstrumented()).isZero();
    assertThat(coverage.bracketed()).isEmpty();
    GilAgent.activate();
    assertThat(GilAgent.coverage()).isEqualTo(coverage);
    assertThatThrownBy(() -> GilAgent.switchPoints("com.acme.", SwitchPoints.FINE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("-javaagent:");
  }

  @Test
  void everyKindOfBlockingIsBracketedOnThisJdk() {
    AgentCoverage coverage = active();
    assertThat(coverage.uncovered()).isEmpty();
    assertThat(coverage.bracketed())
        .contains(
            "java.util.concurrent.locks.LockSupport.park()V", "sun.nio.ch.SelectorImpl.begin(Z)V");
    assertThat(coverage.bracketed().size() + coverage.notBracketed().size())
        .isEqualTo(Brackets.ALL.size());
    int feature = Runtime.version().feature();
    if (feature == 17) {
      assertThat(coverage.bracketed()).hasSize(71);
      assertThat(coverage.notBracketed())
          .containsEntry(
              "java.lang.Thread.sleep(J)V", "native on this JDK: it has no code to change");
    } else if (feature == 25) {
      assertThat(coverage.bracketed()).hasSize(80);
      assertThat(coverage.notBracketed().values())
          .containsOnly("no such method on this JDK", "no such class on this JDK");
    }
  }

  @Test
  void classesAreCountedAndNativeMethodsListed() throws Exception {
    long before = active().classesInstrumented();
    Class<?> anew = new Loader().define(samples());
    assertThat(anew).isNotSameAs(Samples.class);
    Counter.increment();
    AgentCoverage coverage = GilAgent.coverage();
    assertThat(coverage.classesInstrumented()).isGreaterThan(before);
    assertThat(coverage.nativeMethods()).contains(Counter.class.getName() + ".inSystemCode()V");
    assertThat(coverage.classesLeftAlone()).containsKey("of Interlock");
  }

  @Test
  void aClassThatCannotBeReadIsLeftAsItIsAndNamed() throws Exception {
    CodeTransformer transformer = new CodeTransformer(AgentOptions.read(""));
    ClassLoader loader = getClass().getClassLoader();
    assertThat(transformer.transform(loader, "com/foo/Bar", null, null, new byte[10])).isNull();
    assertThat(transformer.failures()).containsOnlyKeys("com.foo.Bar");
    assertThat(transformer.transform(loader, "com/acme/Samples", null, null, samples()))
        .isNotNull();
    assertThat(transformer.instrumented()).isEqualTo(1);
  }

  @Test
  void classesBecomeFineAndCoarseAgain() {
    active();
    String name = Counter.class.getName();
    int before = Counter.increment();
    assertThat(hasSites()).isFalse();
    assertThat(GilAgent.switchPoints(name, SwitchPoints.FINE)).isEqualTo(1);
    assertThat(hasSites()).isTrue();
    assertThat(Counter.increment()).isEqualTo(before + 1);
    assertThat(GilAgent.switchPoints(name, SwitchPoints.COUNTING)).isEqualTo(1);
    assertThat(GilAgent.switchPoints(name, SwitchPoints.COARSE)).isEqualTo(1);
    assertThat(Counter.increment()).isEqualTo(before + 2);
    assertThat(GilAgent.coverage().failures()).doesNotContainKey(name);
  }

  private static boolean hasSites() {
    String name = Counter.class.getName().replace('.', '/');
    int id = 0;
    for (Site site = Sites.at(id); site != null; site = Sites.at(++id)) {
      if (site.className().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] samples() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Samples.class.getResourceAsStream("Samples.class"))) {
      return in.readAllBytes();
    }
  }

  private static AgentCoverage active() {
    AgentCoverage coverage = GilAgent.coverage();
    assumeTrue(coverage.state() == AgentState.ACTIVE, "this is the run without the agent");
    return coverage;
  }
}
