// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.gil.gate.Gate;
import dev.interlock.gil.gate.InterlockGate;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** What is inserted where, and what is not. */
class InsertionsTest {
  @AfterEach
  void restoreGate() {
    InterlockGate.breaker = 0;
    InterlockGate.hook = null;
    InterlockGate.counter = null;
  }

  private static final String SAMPLE =
      """
      import java.util.*;
      public class Sample {
        static int num; int field; int[] array; final int fixed = hashCode(); static Object lock = new Object();
        static void loops() { while (num < 3) { num++; } }
        int getter() { return field; }
        void setter(int n) { field = n; }
        static int maths(int n) { return Math.abs(n) + String.valueOf(n).length(); }
        static synchronized int sync() { return 1; }
        static int statics() { return num; }
        void calls(List<String> list, Sample other, Runnable run) {
          setter(1); other.setter(2); Other.run(); list.clear(); run.run(); hashCode();
        }
        static void sleeps(Object o) throws Exception { Thread.sleep(1); Thread.sleep(1, 1); o.wait(); o.wait(1); o.wait(1, 1); }
        static int foreign() { return Other.value; }
        static void makes() { new Other(); new ArrayList<Object>(); new java.io.ByteArrayOutputStream(); }
        static Runnable lambda() { return () -> num++; }
        static String concat(int n, String s) { return n + s; }
        static String concatObjects(Object o) { return o + ""; }
        static int caught(String s) { try { return Integer.parseInt(s); } catch (NumberFormatException e) { return -1; } }
        static void monitor() { synchronized (lock) { num++; } }
        static int monitorThenLoop(int n) { synchronized (lock) { while (n > 0) { n -= num; } } return n; }
        static void increment() { num++; }
        static int counted(int n) { int s = 0; for (int i = 0; i < n; i++) { s += i; } return s; }
        void accesses() { array[num] += field; }
        int fixed() { return fixed; }
        static void drain(Runnable r) { for (;;) { r.run(); if (num > 3) { num = 0; } } }
        static void drainSome(Runnable r) { for (;;) { if (num > 3) { r.run(); } } }
        static void drainSafely(Runnable r) {
          for (;;) { try { r.run(); } catch (RuntimeException e) { synchronized (lock) { num++; } } }
        }
        static void drainTwice(Runnable r) { for (;;) { r.run(); do { num++; } while (num < 3); } }
        static native void go();
        native int come();
        static void callsNative() { go(); }
        static int branches(int n) { if (n > 3) { return n * 2; } else { return switch (n) { case 1 -> 5; default -> 7; }; } }
      }
      class Other { static int value; static void run() {} Other() { super(); value++; } }
      record Pair(Object a, Object b) {}
      class Plain { int n; int get() { return n; } }
      class Quiet { static final String S = "x"; static int n = 5; }
      class Loud { static final List<Object> LIST = new ArrayList<>(List.of(1)); }
      """;

  private static final Map<String, byte[]> CLASSES = compile();

  private static Map<String, byte[]> compile() {
    try {
      return Compiled.source("Sample", SAMPLE);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Instrumented instrument(String className, SwitchPoints points) {
    return new ClassInstrumenter(CLASSES::containsKey).instrument(CLASSES.get(className), points);
  }

  private List<String> coarse(String method) {
    return Listing.of(instrument("Sample", SwitchPoints.COARSE).classFile(), method);
  }

  private List<String> coarseGate(String method) {
    return Listing.gateCalls(instrument("Sample", SwitchPoints.COARSE).classFile(), method);
  }

  @Test
  void checksEntryAndBackEdge() {
    assertThat(coarse("loops")).startsWith("GATE.check").containsSequence("GATE.loop", "goto");
  }

  @Test
  void needsNoCheckAtABackEdgeBehindAnother() {
    assertThat(coarseGate("drain")).containsExactly("GATE.check", "GATE.check");
    assertThat(coarseGate("drainSome")).containsOnlyOnce("GATE.loop");
    assertThat(coarseGate("drainSafely")).containsOnlyOnce("GATE.loop");
    assertThat(coarseGate("drainTwice")).containsOnlyOnce("GATE.loop");
  }

  @Test
  void leavesMethodsAloneThatRunShortlyAndWriteNothing() {
    assertThat(coarseGate("getter")).isEmpty();
    assertThat(coarseGate("branches")).containsExactly("GATE.check"); // there is an initializer
    assertThat(coarseGate("setter")).containsExactly("GATE.check");
    assertThat(coarseGate("sync")).containsExactly("GATE.check");
  }

  @Test
  void checksBehindCallsThatMayReachCodeWithoutChecks() {
    assertThat(coarse("calls"))
        .doesNotContainSequence("Sample.setter", "GATE.check")
        .doesNotContainSequence("Other.run", "GATE.check")
        .containsSequence("List.clear", "GATE.check")
        .containsSequence("Runnable.run", "GATE.check")
        .containsSequence("Object.hashCode", "GATE.check");
    assertThat(coarseGate("maths")).containsExactly("GATE.check");
    assertThat(coarse("callsNative")).containsSequence("Sample.go", "GATE.check");
  }

  @Test
  void checksBehindConstructorsOfTheJdkOnly() {
    assertThat(coarse("makes"))
        .doesNotContainSequence("Other.<init>", "GATE.check")
        .doesNotContainSequence("ArrayList.<init>", "GATE.check")
        .containsSequence("ByteArrayOutputStream.<init>", "GATE.check");
  }

  @Test
  void redirectsSleepAndWaitAndChecksBehind() {
    assertThat(coarseGate("sleeps"))
        .containsExactly(
            "GATE.check",
            "GATE.sleep",
            "GATE.check",
            "GATE.sleep",
            "GATE.check",
            "GATE.await",
            "GATE.check",
            "GATE.await",
            "GATE.check",
            "GATE.await",
            "GATE.check");
    assertThat(coarse("sleeps")).doesNotContain("Thread.sleep", "Object.wait");
  }

  @Test
  void takesALostLockBackBehindStaticsOfOtherClasses() {
    assertThat(coarse("foreign")).containsSequence("getstatic Other.value", "GATE.retake");
    assertThat(coarse("statics")).doesNotContainSequence("getstatic Sample.num", "GATE.retake");
  }

  @Test
  void checksBehindDynamicCallsOnlyWhereTheyRunOtherCode() {
    assertThat(coarse("lambda")).doesNotContainSequence("invokedynamic", "GATE.check");
    assertThat(coarse("concat")).doesNotContainSequence("invokedynamic", "GATE.check");
    assertThat(coarse("concatObjects")).containsSequence("String.valueOf", "GATE.check");
    byte[] pair = instrument("Pair", SwitchPoints.COARSE).classFile();
    assertThat(Listing.of(pair, "hashCode")).containsSequence("invokedynamic", "GATE.check");
  }

  @Test
  void checksWhereAnExceptionIsCaught() {
    assertThat(coarse("caught")).containsSequence("ireturn", "GATE.caught", "astore");
    assertThat(coarseGate("monitor")).doesNotContain("GATE.caught");
  }

  @Test
  void takesALostLockBackInsideTheMonitor() {
    for (String method : List.of("monitor", "monitorThenLoop")) {
      byte[] changed = instrument("Sample", SwitchPoints.COARSE).classFile();
      assertThat(Listing.of(changed, method)).containsSequence("monitorenter", "GATE.retake");
      MethodNode node = Listing.method(changed, method);
      AbstractInsnNode check = node.instructions.getFirst();
      while (check.getOpcode() != Opcodes.MONITORENTER) {
        check = check.getNext();
      }
      while (!(check instanceof MethodInsnNode)) {
        check = check.getNext();
      }
      int position = node.instructions.indexOf(check);
      TryCatchBlockNode unlocks = node.tryCatchBlocks.get(0);
      assertThat(node.instructions.indexOf(unlocks.start)).isLessThan(position);
      assertThat(node.instructions.indexOf(unlocks.end)).isGreaterThan(position);
    }
    // The loop at the start of the monitor does not run that check again.
    byte[] changed = instrument("Sample", SwitchPoints.COARSE).classFile();
    MethodNode node = Listing.method(changed, "monitorThenLoop");
    LabelNode start = node.tryCatchBlocks.get(0).start;
    assertThat(node.instructions)
        .noneMatch(
            instruction -> instruction instanceof JumpInsnNode jump && jump.label.equals(start));
  }

  @Test
  void unlocksTheMonitorWhenTakingTheLockBackThrows() throws Exception {
    Class<?> sample =
        new GateLoader(GateLoader.instrumented(CLASSES, SwitchPoints.COARSE)).loadClass("Sample");
    var lockField = sample.getDeclaredField("lock");
    lockField.setAccessible(true);
    Object lock = lockField.get(null);
    var monitor = sample.getDeclaredMethod("monitor");
    monitor.setAccessible(true);
    InterlockGate.hook =
        event -> {
          if (Thread.holdsLock(lock)) {
            throw new IllegalStateException("inside");
          }
        };
    InterlockGate.breaker = Gate.ONE_STRAY;
    assertThatThrownBy(() -> monitor.invoke(null))
        .isInstanceOf(InvocationTargetException.class)
        .hasRootCauseMessage("inside");
    assertThat(Thread.holdsLock(lock)).isFalse();
  }

  @Test
  void splitsCountedLoopsInCoarseModeOnly() {
    assertThat(instrument("Sample", SwitchPoints.COARSE).insertions().splitLoops()).isEqualTo(1);
    assertThat(coarse("counted")).contains("Math.min");
    assertThat(instrument("Sample", SwitchPoints.FINE).insertions().splitLoops()).isZero();
    assertThat(instrument("Sample", SwitchPoints.COUNTING).insertions().splitLoops()).isZero();
  }

  @Test
  void bracketsInitializersInWhichSomethingElseIsInserted() {
    assertThat(Listing.gateCalls(instrument("Loud", SwitchPoints.COARSE).classFile(), "<clinit>"))
        .startsWith("GATE.enterInitializer")
        .endsWith("GATE.exitInitializer", "GATE.exitInitializer");
    byte[] quiet = instrument("Quiet", SwitchPoints.COARSE).classFile();
    assertThat(Listing.gateCalls(quiet, "<clinit>")).isEmpty();
  }

  @Test
  void returnsNoClassFileWhenThereIsNothingToInsert() {
    Instrumented plain = instrument("Plain", SwitchPoints.COARSE);
    assertThat(plain.classFile()).isNull();
    assertThat(plain.insertions()).isEqualTo(Insertions.NONE);
  }

  @Test
  void namesEachAccessInFineMode() {
    byte[] changed = instrument("Sample", SwitchPoints.FINE).classFile();
    assertThat(Listing.of(changed, "increment"))
        .containsSubsequence(
            "GATE.access", "getstatic Sample.num", "GATE.access", "putstatic Sample.num");
    assertThat(sites(changed, "increment"))
        .containsExactly(
            new Site("Sample", "increment", "()V", 22, 0, "getstatic Sample.num", Site.Kind.READ),
            new Site("Sample", "increment", "()V", 22, 5, "putstatic Sample.num", Site.Kind.WRITE));
    assertThat(sites(changed, "accesses"))
        .extracting(Site::instruction)
        .containsExactly(
            "getfield Sample.array",
            "getstatic Sample.num",
            "iaload",
            "getfield Sample.field",
            "iastore");
    assertThat(sites(changed, "fixed")).isEmpty();
  }

  @Test
  void givesTheSameSitesWhenAClassIsInstrumentedAgain() {
    assertThat(instrument("Sample", SwitchPoints.FINE).classFile())
        .isEqualTo(instrument("Sample", SwitchPoints.FINE).classFile());
  }

  private static List<Site> sites(byte[] classFile, String method) {
    List<Site> sites = new ArrayList<>();
    for (AbstractInsnNode node : Listing.method(classFile, method).instructions) {
      if (node instanceof MethodInsnNode call
          && call.owner.equals(Gate.INTERNAL_NAME)
          && call.name.equals("access")) {
        sites.add(Sites.at(Listing.constant(node.getPrevious())));
      }
    }
    return sites;
  }

  @Test
  void countsEachBytecodeInOneBlock() {
    byte[] original = CLASSES.get("Sample");
    byte[] changed = instrument("Sample", SwitchPoints.COUNTING).classFile();
    for (String method : List.of("loops", "branches", "caught", "counted", "monitor", "calls")) {
      assertThat(Listing.counted(changed, method).stream().mapToInt(n -> n).sum())
          .as(method)
          .isEqualTo(Listing.of(original, method).size());
    }
  }

  @Test
  void countsExactlyTheBytecodesThatRun() throws Exception {
    Class<?> sample =
        new GateLoader(GateLoader.instrumented(CLASSES, SwitchPoints.COUNTING)).loadClass("Sample");
    var counted = sample.getDeclaredMethod("counted", int.class);
    counted.setAccessible(true);
    counted.invoke(null, 0);
    int[] total = new int[1];
    InterlockGate.counter = n -> total[0] += n;
    counted.invoke(null, 1000);
    // iconst_0, istore, iconst_0, istore; 9 per iteration; the last test has 3; iload, ireturn.
    assertThat(total[0]).isEqualTo(4 + 9 * 1000 + 3 + 2);
  }

  @Test
  void reportsNativeMethods() {
    assertThat(instrument("Sample", SwitchPoints.COARSE).nativeMethods())
        .containsExactly("go()V", "come()I");
  }
}
