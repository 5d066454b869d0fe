// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

import dev.interlock.gil.gate.GateDefinition;
import dev.interlock.gil.instrument.CodeFilter;
import dev.interlock.gil.instrument.SwitchPoints;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Java agent: puts checks for the interpreter lock into the classes of the application, and
 * brackets around the JDK's methods that block.
 *
 * <pre>
 *   -javaagent:interlock-gil-threading.jar   active before main
 *   Launcher-Agent-Class, attached           dormant until the first executor of the strategy is opened
 * </pre>
 *
 * <p>While dormant it has defined the gate, and costs nothing more. One agent serves the whole JVM,
 * however often it is loaded. Thread-safe.
 */
public final class GilAgent {
  /** What the names of the system properties begin with that the agent reads. */
  public static final String PROPERTIES = "interlock.gil-threading.agent.";

  /** The names of its options; each is a list of patterns for class names, with commas. */
  public static final List<String> OPTIONS = List.of("exclude", "instrument", "fine");

  /** The argument with which {@link AgentAttachment} has the agent instrument at once. */
  static final String ACTIVATE = "activate";

  private static volatile @Nullable GilAgent loaded;

  private final Instrumentation instrumentation;
  private final @Nullable String argument;

  /** Null while dormant: then not even the classes that instrument are loaded. */
  private volatile @Nullable Instrumenting instrumenting;

  private GilAgent(Instrumentation instrumentation, @Nullable String argument) {
    this.instrumentation = instrumentation;
    this.argument = argument;
  }

  /**
   * Called by the JVM for {@code -javaagent}; instruments from the start.
   *
   * @throws IllegalArgumentException if the argument is wrong; the message says what
   */
  public static void premain(@Nullable String argument, Instrumentation instrumentation)
      throws IOException, IllegalAccessException {
    load(argument, instrumentation);
    activate();
  }

  /**
   * Called by the JVM when it starts from a jar with {@code Launcher-Agent-Class}, or when the
   * agent is attached; stays dormant.
   */
  public static void agentmain(@Nullable String argument, Instrumentation instrumentation)
      throws IOException, IllegalAccessException {
    boolean now = ACTIVATE.equals(argument);
    load(now ? null : argument, instrumentation);
    if (now) {
      activate();
    }
  }

  private static synchronized void load(@Nullable String argument, Instrumentation instrumentation)
      throws IOException, IllegalAccessException {
    if (loaded == null) {
      GateDefinition.define(instrumentation);
      loaded = new GilAgent(instrumentation, argument);
    }
  }

  /**
   * Wakes the agent if it is dormant: instruments the classes that are loaded, which takes about
   * half a millisecond for each, and from then on each class as it is loaded. Returns when that is
   * done. Does nothing without an agent.
   *
   * @throws IllegalArgumentException if the agent's options are wrong; the message says what
   */
  public static void activate() {
    GilAgent agent = loaded;
    if (agent != null) {
      agent.wake();
    }
  }

  /**
   * Sets what checks the classes of these names get, those that are loaded and those to come. A
   * thread that is inside a method of such a class goes on with the old code until it leaves it.
   * Wakes the agent if it is dormant.
   *
   * @param pattern {@code com.foo.Bar} for that class and those nested in it, {@code com.foo.} for
   *     a package and those below it; {@code *} stands for any characters
   * @return how many loaded classes have been instrumented anew
   * @throws IllegalStateException if there is no agent
   * @throws IllegalArgumentException if the pattern is not one
   */
  public static int switchPoints(String pattern, SwitchPoints points) {
    GilAgent agent = loaded;
    if (agent == null) {
      throw new IllegalStateException(
          "There is no agent to instrument classes. " + AgentJar.advice());
    }
    return agent.wake().change(NamePattern.of(pattern), points);
  }

  /**
   * Has instrumented code tell how many bytecodes it runs, from now on and for good: to instrument
   * everything anew takes about half a millisecond for each loaded class. Does nothing unless the
   * agent is active, nor the second time.
   */
  public static void countBytecodes() {
    GilAgent agent = loaded;
    Instrumenting now = agent == null ? null : agent.instrumenting;
    if (now != null) {
      now.countBytecodes();
    }
  }

  /**
   * Which classes get checks: those that the agent's options say, or, without an agent, those that
   * it would choose with no argument.
   *
   * @throws IllegalArgumentException if the agent's options are wrong; the message says what
   */
  public static CodeFilter selection() {
    GilAgent agent = loaded;
    return new CodeSelection(AgentOptions.read(agent == null ? null : agent.argument));
  }

  /** What has been instrumented so far. A snapshot. */
  public static AgentCoverage coverage() {
    GilAgent agent = loaded;
    if (agent == null) {
      return AgentCoverage.none(AgentState.ABSENT);
    }
    Instrumenting now = agent.instrumenting;
    return now == null ? AgentCoverage.none(AgentState.DORMANT) : now.coverage();
  }

  private synchronized Instrumenting wake() {
    Instrumenting now = instrumenting;
    if (now == null) {
      now = Instrumenting.start(instrumentation, AgentOptions.read(argument));
      instrumenting = now;
    }
    return now;
  }
}
