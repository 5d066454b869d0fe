// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation.common;

/** A static that is shared or not, as configured. */
public final class Board {
  public static volatile String notice = "";

  private Board() {}
}
