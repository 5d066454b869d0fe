// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Splits a counted loop into chunks, with one check between two of them:
 *
 * <pre>
 *   top:    if (!(i &lt; limit)) goto exit     (as it was, now run once)
 *   chunk:  end = min(limit, i + 4096 * c)
 *           if (!(i &lt; end)) end = MIN_VALUE
 *   inner:  body
 *           i += c
 *           if (i &lt; end) goto inner
 *           if (!(i &lt; limit)) goto exit
 *           loop()
 *           goto chunk
 *   exit:
 * </pre>
 *
 * <p>The inner loop goes on only where the original would, for every value of {@code i}, so what is
 * computed is the same even where {@code i} overflows. And a chunk ends: {@code end} is at most
 * 4,096 steps away, and where {@code i} could jump over it by an overflow, {@code end} is the
 * smallest {@code int}, which makes the chunk one iteration long. Down instead of up it is the
 * mirror image.
 */
final class LoopSplitter {
  private static final int CHUNK = 4096;
  private static final int STACK = 8;
  private static final long BEYOND_MAX = 1L << 31;

  private final MethodCode code;
  private final CountedLoop loop;
  private final int end;
  private final boolean up;
  private final LabelNode chunk = new LabelNode();
  private final LabelNode inner = new LabelNode();

  private LoopSplitter(MethodCode code, CountedLoop loop) {
    this.code = code;
    this.loop = loop;
    end = code.node().maxLocals;
    up = loop.order().up();
  }

  static void split(MethodCode code, CountedLoop loop, Edits edits) {
    new LoopSplitter(code, loop).split(edits);
  }

  private void split(Edits edits) {
    edits.needStack(STACK);
    edits.needLocals(1);
    for (FrameNode frame : loop.frames()) {
      frame.local = withEnd(frame.local);
    }
    edits.after(loop.exit(), prologue().toArray(new AbstractInsnNode[0]));
    edits.replace(loop.back(), epilogue().toArray(new AbstractInsnNode[0]));
  }

  private List<AbstractInsnNode> prologue() {
    List<AbstractInsnNode> list = new ArrayList<>();
    list.add(chunk);
    addFrame(list, locals(), List.of());
    addLimit(list);
    addOneChunkOn(list);
    list.add(math(up ? "min" : "max"));
    if (loop.stepsByLocal()) {
      list.add(new LdcInsnNode((long) Integer.MIN_VALUE));
      list.add(math("max"));
    }
    if (loop.stepsByLocal() || Math.abs(loop.step()) != 1) {
      addGuard(list);
    } // else the cast makes the one value beyond the limits what the guard would make of it
    list.add(new InsnNode(Opcodes.L2I));
    list.add(new VarInsnNode(Opcodes.ISTORE, end));
    addEntry(list);
    list.add(inner);
    if (!bodyStartsWithFrame()) {
      addFrame(list, withEnd(locals()), List.of());
    }
    return list;
  }

  /** The limit as a long, moved by one so that it is never reached. */
  private void addLimit(List<AbstractInsnNode> list) {
    list.addAll(limit());
    if (loop.limit().isEmpty()) {
      list.add(new InsnNode(Opcodes.ICONST_0));
    }
    list.add(new InsnNode(Opcodes.I2L));
    if (loop.order().inclusive()) {
      list.add(new InsnNode(Opcodes.LCONST_1));
      list.add(new InsnNode(up ? Opcodes.LADD : Opcodes.LSUB));
    }
  }

  private void addOneChunkOn(List<AbstractInsnNode> list) {
    list.add(loop.loadIndex());
    list.add(new InsnNode(Opcodes.I2L));
    if (loop.stepsByLocal()) {
      addStep(list);
      list.add(new LdcInsnNode((long) CHUNK));
      list.add(new InsnNode(Opcodes.LMUL));
    } else {
      list.add(new LdcInsnNode((long) CHUNK * loop.step()));
    }
    list.add(new InsnNode(Opcodes.LADD));
  }

  private void addStep(List<AbstractInsnNode> list) {
    list.add(new VarInsnNode(Opcodes.ILOAD, loop.stepLocal()));
    list.add(new InsnNode(Opcodes.I2L));
  }

  /** An end from which one more step might overflow becomes one that ends the chunk at once. */
  private void addGuard(List<AbstractInsnNode> list) {
    LabelNode safe = new LabelNode();
    list.add(new InsnNode(Opcodes.DUP2));
    if (loop.stepsByLocal()) {
      list.add(new LdcInsnNode(BEYOND_MAX));
      addStep(list);
      list.add(new InsnNode(Opcodes.LSUB));
    } else {
      list.add(
          new LdcInsnNode(up ? BEYOND_MAX - loop.step() : Integer.MIN_VALUE - 1L - loop.step()));
    }
    list.add(new InsnNode(Opcodes.LCMP));
    list.add(new JumpInsnNode(up ? Opcodes.IFLE : Opcodes.IFGE, safe));
    list.add(new InsnNode(Opcodes.POP2));
    list.add(new LdcInsnNode((long) nearest()));
    list.add(safe);
    addFrame(list, locals(), List.of(Opcodes.LONG));
  }

  /** What the JIT needs to see in order to take the inner loop for a counted one. */
  private void addEntry(List<AbstractInsnNode> list) {
    addInnerTest(list);
    list.add(new LdcInsnNode(nearest()));
    list.add(new VarInsnNode(Opcodes.ISTORE, end));
  }

  private void addInnerTest(List<AbstractInsnNode> list) {
    list.add(loop.loadIndex());
    list.add(new VarInsnNode(Opcodes.ILOAD, end));
    list.add(new JumpInsnNode(up ? Opcodes.IF_ICMPLT : Opcodes.IF_ICMPGT, inner));
  }

  /** The end that no index is before: the chunk is one iteration long. */
  private int nearest() {
    return up ? Integer.MIN_VALUE : Integer.MAX_VALUE;
  }

  private List<AbstractInsnNode> epilogue() {
    boolean leavesBackwards = code.position(loop.exit().label) < loop.first();
    boolean checkFirst = loop.mayLoadClass() || leavesBackwards;
    List<AbstractInsnNode> list = new ArrayList<>();
    addInnerTest(list);
    if (checkFirst) {
      list.add(loop.mayLoadClass() ? GateCall.check() : GateCall.loop());
    }
    list.add(loop.loadIndex());
    list.addAll(limit());
    list.add(new JumpInsnNode(loop.exit().getOpcode(), loop.exit().label));
    if (!checkFirst) {
      list.add(GateCall.loop());
    }
    list.add(new JumpInsnNode(Opcodes.GOTO, chunk));
    return list;
  }

  private List<AbstractInsnNode> limit() {
    return loop.limit().stream().map(node -> node.clone(Map.of())).toList();
  }

  private boolean bodyStartsWithFrame() {
    int test = code.position(loop.exit());
    for (int i = test + 1; i < code.instructionFrom(test + 1); i++) {
      if (code.at(i) instanceof FrameNode) {
        return true;
      }
    }
    return false;
  }

  private void addFrame(List<AbstractInsnNode> list, List<Object> locals, List<Object> pushed) {
    FrameNode top = loop.frame();
    if (top != null) {
      List<Object> stack = new ArrayList<>(top.stack);
      stack.addAll(pushed);
      list.add(
          new FrameNode(
              Opcodes.F_NEW, locals.size(), locals.toArray(), stack.size(), stack.toArray()));
    }
  }

  private List<Object> locals() {
    FrameNode top = loop.frame();
    return top == null ? List.of() : top.local;
  }

  /** The same locals, and the end of the chunk behind all that the method has. */
  private List<Object> withEnd(List<Object> locals) {
    List<Object> extended = new ArrayList<>(locals);
    int slots = 0;
    for (Object type : locals) {
      slots += type.equals(Opcodes.LONG) || type.equals(Opcodes.DOUBLE) ? 2 : 1;
    }
    for (; slots < end; slots++) {
      extended.add(Opcodes.TOP);
    }
    extended.add(Opcodes.INTEGER);
    return extended;
  }

  private static MethodInsnNode math(String method) {
    return new MethodInsnNode(
        Opcodes.INVOKESTATIC, "java/lang/Math", method, "(JJ)J", /* isInterface= */ false);
  }
}
