// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.agent;

/** Where the agent stands. */
public enum AgentState {
  /** It has not been loaded: tasks switch only where they cooperate. */
  ABSENT,

  /** It has been loaded, and instruments nothing until an executor of the strategy is opened. */
  DORMANT,

  /** Loaded classes have been instrumented, and others are as they are loaded. */
  ACTIVE
}
