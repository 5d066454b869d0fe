// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

/** What goes through a queue under stress: its content is written plainly before it is offered. */
final class Parcel {
  private static final int WHOLE = 42;

  private final int number;
  private int content;

  Parcel(int number) {
    this.number = number;
    this.content = WHOLE;
  }

  int number() {
    return number;
  }

  boolean isWhole() {
    return content == WHOLE;
  }
}
