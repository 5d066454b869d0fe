// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@link SQLException#getNextException} leads to: a second chain beside that of the causes. It
 * crosses as a list at its first link, so its length costs no depth. The class is loaded only where
 * there is such an exception: the module java.sql may be missing.
 */
final class SqlChain {
  private static final int MOST_LINKS = 64;
  private static final String BASE = "java.sql.SQLException";

  private SqlChain() {}

  /** Whether a throwable of this class has such a chain. */
  static boolean mayFollow(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      if (c.getName().equals(BASE)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The links behind {@code first}, up to {@value #MOST_LINKS}; none if it is itself such a link of
   * one of the {@code open} ones.
   */
  static List<Throwable> behind(Throwable first, Iterable<Throwable> open) {
    for (Throwable one : open) {
      if (one != first && one instanceof SQLException && links(one).contains(first)) {
        return List.of();
      }
    }
    return links(first);
  }

  private static List<Throwable> links(Throwable first) {
    List<Throwable> links = new ArrayList<>();
    try {
      SQLException next = ((SQLException) first).getNextException();
      while (next != null && next != first && links.size() < MOST_LINKS && !links.contains(next)) {
        links.add(next);
        next = next.getNextException();
      }
    } catch (RuntimeException | StackOverflowError e) {
      return links; // a class that overrides it: what was found until then
    }
    return links;
  }

  /** Puts the links behind {@code first}, as far as that makes no circle. */
  static void link(Throwable first, List<Throwable> links) {
    SQLException last = (SQLException) first;
    for (Throwable link : links) {
      if (!(link instanceof SQLException next)
          || next == last
          || next.getNextException() != null
          || last.getNextException() != null) {
        return;
      }
      last.setNextException(next);
      last = next;
    }
  }
}
