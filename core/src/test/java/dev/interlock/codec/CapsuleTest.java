// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.Task;
import dev.interlock.UndecodableException;
import dev.interlock.spi.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Encoded tasks and their outcomes: those that are always the same, and those that are short. */
class CapsuleTest {
  private static final ClassLoader LOADER = CapsuleTest.class.getClassLoader();
  private static final Task<Integer> STATELESS = () -> 17;

  private final TaskCodec codec = new TaskCodec(LOADER);
  private final TaskCodec other = new TaskCodec(LOADER);

  private static Object valueOf(TaskCodec codec, byte[] capsule) {
    return CapsuleRunner.outcome(codec, CapsuleRunner.run(codec, capsule)).value();
  }

  @Test
  void aLambdaThatCapturedNothingIsEncodedOnce() {
    byte[] capsule = codec.encodeTask(STATELESS);
    assertThat(codec.encodeTask(STATELESS)).isSameAs(capsule);
    assertThat(other.encodeTask(STATELESS)).isEqualTo(capsule).isNotSameAs(capsule);
    for (int i = 0; i < 3; i++) {
      assertThat(valueOf(other, capsule.clone())).isEqualTo(17);
    }
  }

  @Test
  void eachCodecTellsItsOwnPolicyWhatItHasSent() {
    for (int i = 0; i < 2; i++) {
      ResultClasses policy = new ResultClasses(LOADER, "test", List.of(), List.of());
      TaskCodec distrusting = TaskCodec.distrusting(LOADER, policy);
      assertThat(policy.admits(CapsuleTest.class.getName())).isFalse();
      distrusting.encodeTask(STATELESS);
      distrusting.encodeTask(STATELESS);
      assertThat(policy.admits(CapsuleTest.class.getName())).isTrue();
    }
  }

  @Test
  void whatWasCapturedIsEncodedEachTime() {
    List<byte[]> capsules = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      Task<Integer> task = () -> number;
      assertThat(codec.isConstant(task)).isFalse();
      capsules.add(codec.encodeTask(task));
    }
    for (int i = 0; i < 3; i++) {
      assertThat(valueOf(other, capsules.get(i))).isEqualTo(i);
    }
  }

  private static final class Ordinary implements Callable<Integer> {
    private static int made;

    @Override
    public Integer call() {
      return ++made;
    }
  }

  @Test
  void anObjectWithoutFieldsIsNotTakenForAConstant() {
    assertThat(codec.isConstant(new Ordinary())).isFalse();
  }

  @Test
  void manyLambdasByTurnsAreNotMixedUp() {
    List<Task<String>> tasks = List.of(() -> "a", () -> "b", () -> "c", Thread.class::getName);
    for (int round = 0; round < 3; round++) {
      List<Object> values = new ArrayList<>();
      tasks.forEach(task -> values.add(valueOf(other, codec.encodeTask(task))));
      assertThat(values).containsExactly("a", "b", "c", "java.lang.Thread");
    }
  }

  @Test
  void shortOutcomesCrossInAFewBytes() {
    for (Object value :
        Arrays.asList(null, true, false, 0, -1, Integer.MIN_VALUE, 5L, Long.MAX_VALUE, -0.0)) {
      Task<Object> task = () -> value;
      byte[] outcome = CapsuleRunner.run(codec, codec.encodeTask(task));
      assertThat(outcome).hasSizeLessThanOrEqualTo(10);
      assertThat(CapsuleRunner.isSmall(outcome)).isTrue();
      assertThat(CapsuleRunner.outcome(codec, outcome).value()).isEqualTo(value);
    }
  }

  @Test
  void otherOutcomesAreNotTakenForShortOnes() {
    for (Outcome<?> outcome :
        List.of(
            Outcome.success("text"),
            Outcome.success(new int[] {1}),
            Outcome.failure(new IllegalStateException("no")))) {
      assertThat(SmallOutcome.encode(outcome)).isNull();
      assertThat(CapsuleRunner.isSmall(codec.encode(outcome))).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0,0,0", "0,1,1", "0,3", "0,3,1,2,3", "0,3,1,2,3,4,5", "0,4,1", "0,6", "0,-1"})
  void whatIsNoShortOutcomeIsRefused(String bytes) {
    List<Byte> parts = Arrays.stream(bytes.split(",", -1)).map(Byte::valueOf).toList();
    byte[] outcome = new byte[parts.size()];
    for (int i = 0; i < outcome.length; i++) {
      outcome[i] = parts.get(i);
    }
    assertThatThrownBy(() -> CapsuleRunner.outcome(codec, outcome))
        .isInstanceOf(UndecodableException.class);
  }
}
