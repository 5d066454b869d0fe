// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.config.Options;

/** How a pool comes to a child JVM. */
enum StartMethod {
  /** One is started when it is needed. */
  SPAWN,
  /** One is taken that was started ahead and waits; pools with equal children share them. */
  SPARE;

  /** Says why there is no fork, to whom asks for it as Python has it. */
  static StartMethod from(Options options, String key) {
    String written = options.text(key);
    if (written.equals("fork") || written.equals("forkserver")) {
      throw options.wrong(
          key,
          written,
          "spawn or spare. A JVM cannot be forked: it has threads of its own (compilers, the"
              + " collector), a fork copies only the one that calls it, and the locks that the"
              + " others hold would stay taken for ever. 'spare' gives what forkserver is for,"
              + " children that are ready at once; they start fresh and inherit nothing");
    }
    return options.choice(key, StartMethod.class);
  }
}
