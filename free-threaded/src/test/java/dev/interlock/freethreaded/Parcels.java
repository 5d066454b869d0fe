// SPDX-License-Identifier: Apache-2.0
package dev.interlock.freethreaded;

/** What was taken from a queue under stress, in order. For one thread after the other. */
final class Parcels {
  private final Parcel[] taken = new Parcel[8];
  private int count;
  private boolean whole = true;

  /** Nothing happens if there was nothing to take. */
  void add(Parcel parcel) {
    if (parcel != null) {
      whole &= parcel.isWhole();
      taken[count++] = parcel;
    }
  }

  void addTo(Parcels others) {
    for (int i = 0; i < count; i++) {
      others.add(taken[i]);
    }
  }

  /** Whether the numbers 0 to {@code expected} - 1 are here, once each. */
  boolean onceEach(int expected) {
    int bits = 0;
    for (int i = 0; i < count; i++) {
      bits |= 1 << taken[i].number();
    }
    return count == expected && bits == (1 << expected) - 1;
  }

  boolean inOrder(int first, int second) {
    return place(first) < place(second);
  }

  private int place(int number) {
    for (int i = 0; i < count; i++) {
      if (taken[i].number() == number) {
        return i;
      }
    }
    return count;
  }

  boolean allWhole() {
    return whole;
  }
}
