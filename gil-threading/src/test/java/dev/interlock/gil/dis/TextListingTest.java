// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.interlock.gil.instrument.SwitchPoints;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextListingTest {
  private static final CodeObject INCREMENT =
      new CodeObject(
          "com.acme.Counter",
          "increment",
          "()V",
          "Counter.java",
          CodeObject.Body.BYTECODE,
          List.of(
              new Instruction(9, true, 0, "getstatic", "#7", "Counter.num: int", false, true, true),
              new Instruction(9, false, 3, "iconst_1", "", "", false, false, false),
              new Instruction(9, false, 4, "iadd", "", "", true, false, false),
              new Instruction(
                  9, false, 5, "putstatic", "#7", "Counter.num: int", false, false, true),
              new Instruction(10, true, 8, "return", "", "", false, false, false)),
          List.of(new CodeObject.Handler(0, 5, 4, null)),
          List.of(),
          null);

  @Test
  void linesAreApartAndSwitchPointsAreMarked() {
    assertThat(INCREMENT.text())
        .isEqualTo(
            """
            com.acme.Counter#increment(), Counter.java

              9 CF    0 getstatic #7 (Counter.num: int)
                      3 iconst_1
                   >> 4 iadd
                 F    5 putstatic #7 (Counter.num: int)

             10       8 return

            Exceptions:
              0 to 5 -> 4 (any)

            C, F: the lock can change hands before this instruction (coarse, fine mode).
            """);
  }

  @Test
  void theSwitchPointsOfOneModeCanBeMarkedAlone() {
    assertThat(INCREMENT.text(SwitchPoints.FINE))
        .contains("  9  F    0 getstatic", "     F    5 putstatic")
        .endsWith("\nF: the lock can change hands before this instruction (fine mode).\n");
    assertThat(INCREMENT.text(SwitchPoints.COARSE))
        .contains("  9 C     0 getstatic", "          5 putstatic")
        .endsWith("\nC: the lock can change hands before this instruction (coarse mode).\n");
  }

  @Test
  void aLongMeaningGoesOnBelow() {
    CodeObject code =
        new CodeObject(
            "com.acme.Counter",
            "many",
            "(I)V",
            null,
            CodeObject.Body.BYTECODE,
            List.of(
                new Instruction(
                    null,
                    false,
                    0,
                    "tableswitch",
                    "1..9",
                    "1 to 100, 2 to 200, 3 to 300, 4 to 400, 5 to 500, 6 to 600, else to 700",
                    false,
                    false,
                    false)),
            List.of(),
            List.of(),
            "Nothing here.");
    assertThat(code.text())
        .isEqualTo(
            """
            com.acme.Counter#many(int)

                      0 tableswitch 1..9 (1 to 100, 2 to 200, 3 to 300, 4 to 400, 5 to 500,
                                         6 to 600, else to 700)

            Nothing here.
            """);
  }
}
