// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.config.Options;
import dev.interlock.spi.PrefetchDepth;

/**
 * The options of how tasks travel, checked.
 *
 * @param prefetch how many tasks a child may have in flight; 0 for as many as their time allows
 * @param fastPath whether shared memory may be used
 */
record TransportOptions(int prefetch, FastPathPolicy fastPath) {

  /** Whether shared memory is used. */
  enum FastPathPolicy {
    /** Once a child's tasks have shown to be short, where the system can. */
    AUTO,
    /** Never: the socket alone. */
    OFF
  }

  static TransportOptions from(Options options) {
    return new TransportOptions(
        options.integerOr("auto", "prefetch", 1, PrefetchDepth.MOST).orElse(0),
        options.choice("fast-path", FastPathPolicy.class));
  }
}
