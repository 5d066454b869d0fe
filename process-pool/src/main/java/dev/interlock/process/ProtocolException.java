// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.io.IOException;

/** The other side sent what the protocol does not allow: its connection is not used any more. */
final class ProtocolException extends IOException {
  private static final long serialVersionUID = 1L;

  ProtocolException(String message) {
    super(message);
  }
}
