// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

import dev.interlock.contract.CriticalSectionInTasks;

class CriticalSectionInTasksTest extends CriticalSectionInTasks {
  @Override
  protected String strategy() {
    return "gil-threading";
  }
}
