// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.contract.ExecutorContract;
import dev.interlock.contract.QueueKit;
import dev.interlock.isolation.InterpreterContract;
import dev.interlock.isolation.Queues;
import java.util.Set;

class SubinterpretersContractTest extends ExecutorContract implements InterpreterContract {
  SubinterpretersContractTest() {
    super("subinterpreters");
  }

  @Override
  public QueueKit queues() {
    return new Queues();
  }

  @Override
  protected Set<String> expectedSkips() {
    return Set.of("C2", "F4", "F5", "I1", "S6", "W4");
  }
}
