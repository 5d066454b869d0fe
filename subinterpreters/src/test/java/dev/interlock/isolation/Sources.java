// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

/** What the sources of tests call. */
public final class Sources {
  /** Variables of this type are declared with it. */
  public record Point(int x, int y) {
    public int sum() {
      return x + y;
    }
  }

  private Sources() {}

  public static int count() {
    return Jobs.count();
  }
}
