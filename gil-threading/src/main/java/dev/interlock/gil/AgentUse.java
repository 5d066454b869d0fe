// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.ConfigurationException;
import dev.interlock.config.Options;
import dev.interlock.gil.agent.AgentAttachment;
import dev.interlock.gil.agent.AgentJar;
import dev.interlock.gil.agent.GilAgent;
import dev.interlock.gil.gate.Gate;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How an executor comes by the agent. */
enum AgentUse {
  /** The agent is used if it is there; without it, tasks switch where they cooperate. */
  AUTO {
    @Override
    void obtain() {
      GilAgent.activate();
      if (!EvalBreaker.isInstrumented() && SAID.compareAndSet(false, true)) {
        log.warn(
            "There is no agent, so tasks of gil-threading switch only at Gil.checkpoint(), in"
                + " Blocking.call and when they end. {} interlock.gil-threading.agent.load = off"
                + " leaves it at that without this line.",
            AgentJar.advice());
      }
    }
  },

  /** If the agent is not there, it is attached to the running JVM. */
  ATTACH {
    @Override
    void obtain() {
      synchronized (SAID) {
        if (Gate.find().isEmpty()) {
          AgentAttachment.attach();
        }
      }
      GilAgent.activate();
      if (!EvalBreaker.isInstrumented()) {
        throw new IllegalStateException(
            "The agent was attached too late: code of gil-threading has run without it. "
                + AgentJar.advice());
      }
    }
  },

  /** A dormant agent stays dormant; one that is active is not affected. */
  OFF {
    @Override
    void obtain() {
      // as the JVM was started
    }
  };

  private static final Logger log = LoggerFactory.getLogger(AgentUse.class);
  private static final AtomicBoolean SAID = new AtomicBoolean();

  /**
   * Reads it, at {@code interlock.gil-threading.agent}.
   *
   * @throws ConfigurationException if it is wrong, or if something that the agent reads when the
   *     JVM starts is set where the agent does not see it
   */
  static AgentUse read(Options options) {
    for (String key : GilAgent.OPTIONS) {
      String value = options.text(key);
      if (!value.equals(System.getProperty(GilAgent.PROPERTIES + key, ""))) {
        throw options.wrong(
            key,
            value,
            "given as a system property (-D"
                + GilAgent.PROPERTIES
                + key
                + "=...) or in the argument"
                + " of -javaagent: the agent reads it when the JVM starts");
      }
    }
    return options.choice("load", AgentUse.class);
  }

  /**
   * Before an executor is opened: afterwards the code of its tasks is instrumented, if it is to be.
   *
   * @throws IllegalStateException if the agent was asked for and cannot be had
   */
  final void prepare() {
    obtain();
    if (EvalBreaker.isInstrumented()) {
      HookPreload.once();
    }
  }

  abstract void obtain();
}
