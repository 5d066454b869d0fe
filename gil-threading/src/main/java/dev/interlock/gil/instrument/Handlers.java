// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * The exception handlers of a method that get a check: all but those that an exception out of the
 * check would lead back to, directly or by way of others. They would never end. javac's handlers
 * that unlock a monitor are of that kind: they cover themselves.
 */
final class Handlers {
  private final MethodCode code;
  private final Map<LabelNode, List<LabelNode>> coveredBy = new LinkedHashMap<>();

  Handlers(MethodCode code) {
    this.code = code;
    for (TryCatchBlockNode block : code.node().tryCatchBlocks) {
      coveredBy.computeIfAbsent(block.handler, h -> new ArrayList<>());
    }
    coveredBy.forEach(this::addCovering);
  }

  private void addCovering(LabelNode handler, List<LabelNode> covering) {
    int position = code.instructionFrom(code.position(handler));
    for (TryCatchBlockNode block : code.node().tryCatchBlocks) {
      if (code.position(block.start) <= position && position < code.position(block.end)) {
        covering.add(block.handler);
      }
    }
  }

  /** Puts the checks in and says how many they are. */
  int insertInto(Edits edits) {
    int inserted = 0;
    for (LabelNode handler : coveredBy.keySet()) {
      if (!leadsBackTo(handler)) {
        int first = code.instructionFrom(code.position(handler));
        edits.before(code.at(first), GateCall.caught());
        inserted++;
      }
    }
    return inserted;
  }

  private boolean leadsBackTo(LabelNode handler) {
    Set<LabelNode> seen = new HashSet<>();
    List<LabelNode> open = new ArrayList<>(coveredBy.getOrDefault(handler, List.of()));
    while (!open.isEmpty()) {
      LabelNode next = open.remove(open.size() - 1);
      if (next.equals(handler)) {
        return true;
      }
      if (seen.add(next)) {
        open.addAll(coveredBy.getOrDefault(next, List.of()));
      }
    }
    return false;
  }
}
