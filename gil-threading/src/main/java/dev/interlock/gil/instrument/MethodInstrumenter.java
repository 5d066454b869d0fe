// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

/** Instruments one method. */
final class MethodInstrumenter {
  private final MethodCode code;
  private final Edits edits = new Edits();

  MethodInstrumenter(CodeFilter filter, SwitchPoints points, MethodCode code) {
    this.code = code;
  }

  Insertions instrument() {
    int loops = 0;
    for (int i = 0; i < code.length(); i++) {
      if (code.jumpsBack(i)) {
        edits.before(code.at(i), GateCall.loop());
        loops++;
      }
    }
    edits.atStart(GateCall.check());
    edits.apply(code.node().instructions);
    return new Insertions(1, loops, 0, 0, 0, 0, 0, 0, 0);
  }
}
