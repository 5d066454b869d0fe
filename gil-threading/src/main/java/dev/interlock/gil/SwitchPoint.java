// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

/**
 * Where a thread may lose the interpreter lock to another.
 *
 * @param kind what it is about to do
 * @param site which access to shared state comes next, in fine mode; {@link #NO_SITE} elsewhere
 */
public record SwitchPoint(Kind kind, int site) {
  /** The site of what is no access. */
  public static final int NO_SITE = -1;

  /** What the thread is about to do. */
  public enum Kind {
    /** Go on past a check: a back-edge, a method entry, {@link Gil#checkpoint}. */
    CHECK,
    /** Read or write shared state, in fine mode. */
    ACCESS,
    /** Give the lock up: its task ends, or a blocking call begins. It will not go on now. */
    RELEASE
  }

  private static final SwitchPoint CHECK = new SwitchPoint(Kind.CHECK, NO_SITE);
  static final SwitchPoint RELEASE = new SwitchPoint(Kind.RELEASE, NO_SITE);

  static SwitchPoint at(int site) {
    return site < 0 ? CHECK : new SwitchPoint(Kind.ACCESS, site);
  }
}
