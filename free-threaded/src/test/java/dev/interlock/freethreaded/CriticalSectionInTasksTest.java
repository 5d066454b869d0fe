// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

import dev.interlock.contract.CriticalSectionInTasks;

class CriticalSectionInTasksTest extends CriticalSectionInTasks {
  @Override
  protected String strategy() {
    return "free-threaded";
  }
}
