// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Instruments one method: looks at each instruction of the untouched code and notes what goes
 * where, then has all of it put in. What is noted first comes first where two things go to one
 * place.
 */
final class MethodInstrumenter {
  private final SwitchPoints points;
  private final MethodCode code;
  private final Calls calls;
  private final Edits edits = new Edits();
  private final BitSet checked = new BitSet();
  private int entries;
  private int loops;
  private int splitLoops;
  private int checks;
  private int handlers;
  private int initializers;
  private int retakes;
  private int redirected;
  private int accesses;
  private int blocks;

  MethodInstrumenter(CodeFilter filter, SwitchPoints points, MethodCode code) {
    this.points = points;
    this.code = code;
    calls = new Calls(filter, code.shape());
  }

  Insertions instrument() {
    handlers = new Handlers(code).insertInto(edits);
    if (points == SwitchPoints.COUNTING) {
      blocks = new BasicBlocks(code).insertInto(edits);
    }
    for (int i = 0; i < code.length(); i++) {
      visit(i);
    }
    for (int i = 0; i < code.length(); i++) {
      if (code.jumpsBack(i) || code.at(i).getOpcode() == Opcodes.RET) {
        loop(i);
      }
    }
    if (code.isInitializer()) {
      if (!inserted().equals(Insertions.NONE) || InitializerBrackets.runsOtherCode(code)) {
        initializers = 1;
        new InitializerBrackets(code).insertInto(edits);
      }
    } else if (!new Leaf(code).isLeaf()) {
      entries = 1;
      edits.atStart(GateCall.check());
    }
    Insertions inserted = inserted();
    if (!inserted.equals(Insertions.NONE)) {
      edits.applyTo(code.node());
    }
    return inserted;
  }

  private Insertions inserted() {
    return new Insertions(
        entries,
        loops,
        splitLoops,
        checks,
        retakes,
        handlers,
        initializers,
        redirected,
        accesses,
        blocks);
  }

  private void visit(int position) {
    AbstractInsnNode node = code.at(position);
    if (points == SwitchPoints.FINE) {
      access(position);
    }
    if (node instanceof MethodInsnNode call) {
      MethodInsnNode redirection = calls.redirected(call);
      if (redirection != null) {
        edits.replace(call, redirection);
        redirected++;
        checkBehind(position);
      } else if (calls.needCheckBehind(call)) {
        checkBehind(position);
      }
    } else if (node instanceof InvokeDynamicInsnNode call) {
      if (calls.redirectReferences(call)) {
        redirected++;
      }
      if (calls.needCheckBehind(call)) {
        checkBehind(position);
      }
    } else if (node instanceof FieldInsnNode field && code.isForeignStatic(field)) {
      edits.after(code.at(position), GateCall.retake());
      retakes++;
    } else if (node.getOpcode() == Opcodes.MONITORENTER) {
      MonitorCheck.insert(code, position, edits);
      retakes++;
    }
  }

  private void checkBehind(int position) {
    edits.after(code.at(position), GateCall.check());
    checked.set(position);
    checks++;
  }

  private void loop(int position) {
    CountedLoop counted =
        points == SwitchPoints.COARSE ? CountedLoopFinder.at(code, position) : null;
    if (counted != null) {
      LoopSplitter.split(code, counted, edits);
      splitLoops++;
      return;
    }
    int top = top(position);
    if (!isCheckedOnEachWay(top, position)) {
      // A thread that has lost the lock while a class was loaded must not go round and round.
      edits.before(
          code.at(position), code.mayLoadClass(top, position) ? GateCall.check() : GateCall.loop());
      loops++;
    }
  }

  /** The lowest position that is jumped back to. */
  private int top(int back) {
    int top = back;
    for (LabelNode target : MethodCode.targets(code.at(back))) {
      top = Math.min(top, code.position(target));
    }
    return top;
  }

  private boolean isCheckedOnEachWay(int top, int back) {
    for (int i = checked.nextSetBit(top); i >= 0 && i < back; i = checked.nextSetBit(i + 1)) {
      if (!code.canPassBy(i, back)) {
        return true;
      }
    }
    return false;
  }

  private void access(int position) {
    @Nullable Site site = Accesses.at(code, position);
    if (site != null) {
      edits.before(code.at(position), GateCall.access(Sites.add(site)));
      edits.needStack(1);
      accesses++;
    }
  }
}
