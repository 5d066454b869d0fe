// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

/**
 * The interpreter that put the item has ended, and the item's policy is {@link UnboundItems#ERROR};
 * the item is gone. PEP 734's {@code ItemInterpreterDestroyed}.
 */
public final class ItemInterpreterDestroyedException extends QueueException {
  private static final long serialVersionUID = 1L;

  ItemInterpreterDestroyedException(String message) {
    super(message, null);
  }
}
