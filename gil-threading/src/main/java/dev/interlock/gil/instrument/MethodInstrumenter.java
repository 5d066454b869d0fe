// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
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
  private int entries;
  private int loops;
  private int splitLoops;
  private int checks;
  private int handlers;
  private int initializers;
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
        entries, loops, splitLoops, checks, handlers, initializers, redirected, accesses, blocks);
  }

  private void visit(int position) {
    AbstractInsnNode node = code.at(position);
    if (code.jumpsBack(position) || node.getOpcode() == Opcodes.RET) {
      loop(position);
    }
    if (points == SwitchPoints.FINE) {
      access(position);
    }
    if (node instanceof MethodInsnNode call) {
      MethodInsnNode redirection = calls.redirected(call);
      if (redirection != null) {
        edits.replace(call, redirection);
        redirected++;
        checkBehind(call);
      } else if (calls.needCheckBehind(call)) {
        checkBehind(call);
      }
    } else if (node instanceof InvokeDynamicInsnNode call) {
      if (calls.redirectReferences(call)) {
        redirected++;
      }
      if (calls.needCheckBehind(call)) {
        checkBehind(call);
      }
    } else if (node instanceof FieldInsnNode field && code.isForeignStatic(field)) {
      checkBehind(field);
    } else if (node.getOpcode() == Opcodes.MONITORENTER) {
      MonitorCheck.insert(code, position, edits);
      checks++;
    }
  }

  private void checkBehind(AbstractInsnNode node) {
    edits.after(node, GateCall.check());
    checks++;
  }

  private void loop(int position) {
    CountedLoop counted =
        points == SwitchPoints.COARSE ? CountedLoopFinder.at(code, position) : null;
    if (counted != null) {
      LoopSplitter.split(code, counted, edits);
      splitLoops++;
    } else {
      edits.before(code.at(position), perIteration(position));
      loops++;
    }
  }

  /** A thread that has lost the lock while a class was loaded must not go round and round. */
  private AbstractInsnNode perIteration(int back) {
    int top = back;
    for (var target : MethodCode.targets(code.at(back))) {
      top = Math.min(top, code.position(target));
    }
    return code.mayLoadClass(top, back) ? GateCall.check() : GateCall.loop();
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
