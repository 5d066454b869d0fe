// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.dis;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that somebody may have meant who wrote another. */
final class NearMatches {
  static final int MOST = 8;

  private NearMatches() {}

  /** The nearest first; empty if none is near. */
  static List<String> of(String wanted, Collection<String> names) {
    String lower = wanted.toLowerCase(Locale.ROOT);
    int tolerance = Math.max(1, wanted.length() / 3);
    record Near(String name, int distance) {}
    return names.stream()
        .distinct()
        .map(name -> new Near(name, distance(lower, name.toLowerCase(Locale.ROOT))))
        .filter(
            near ->
                near.distance <= tolerance || near.name.toLowerCase(Locale.ROOT).startsWith(lower))
        .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
        .limit(MOST)
        .map(Near::name)
        .toList();
  }

  /** How many letters to insert, leave out or replace. */
  private static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int column = 0; column <= other.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= one.length(); row++) {
      int[] current = new int[other.length() + 1];
      current[0] = row;
      for (int column = 1; column <= other.length(); column++) {
        int replaced = one.charAt(row - 1) == other.charAt(column - 1) ? 0 : 1;
        current[column] =
            Math.min(
                Math.min(above[column] + 1, current[column - 1] + 1), above[column - 1] + replaced);
      }
      above = current;
    }
    return above[other.length()];
  }
}
