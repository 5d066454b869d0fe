// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.NotShareableException;
import dev.interlock.UndecodableException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of object that a task may hold: it arrives equal, as stated, or is refused by path.
 */
class CodecCasesTest {
  private static final String SETTING = "result-classes";

  private final ClassLoader loader = CodecCasesTest.class.getClassLoader();
  private final TaskCodec codec = new TaskCodec(loader);
  private final TaskCodec child = TaskCodec.distrusted(loader, SETTING);
  private final TaskCodec parent =
      TaskCodec.distrusting(
          loader,
          new ResultClasses(
              loader, SETTING, List.of("dev.interlock.codec.*", "com.google.**"), List.of()));

  static Stream<CodecCase> cases() throws Exception {
    return Stream.of(
            ValueCases.all().stream(), ContainerCases.all().stream(), ObjectCases.all().stream())
        .flatMap(cases -> cases);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void crossesOrIsRefused(CodecCase one) {
    if (one.isRefused()) {
      assertThatThrownBy(() -> codec.encode(one.value()))
          .isInstanceOfSatisfying(
              NotShareableException.class,
              e -> {
                assertThat(e.path()).isEqualTo(one.refusedAt());
                assertThat(e).hasMessageContaining(one.hint());
              });
    } else {
      one.check(codec.decode(codec.encode(one.value())));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void crossesAsAResultOrIsRefusedOnBothSides(CodecCase one) {
    if (one.asResult()) {
      one.check(parent.decode(child.encodeDataOnly(one.value())));
    } else if (!one.isRefused()) {
      assertThatThrownBy(() -> child.encodeDataOnly(one.value()))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining(SETTING);
      byte[] hostile = codec.encode(one.value());
      assertThatThrownBy(() -> parent.decode(hostile)).isInstanceOf(UndecodableException.class);
    }
  }

  @Test
  void thereAreAsManyCasesAsItTakes() throws Exception {
    List<CodecCase> all = cases().toList();
    assertThat(all.stream().map(CodecCase::name)).doesNotHaveDuplicates();
    assertThat(all.size()).isGreaterThanOrEqualTo(117);
    assertThat(all.stream().filter(one -> !one.isRefused()).count()).isGreaterThanOrEqualTo(110);
  }
}
