// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TimeZone;

/**
 * What belongs to the process and not to an interpreter, as it is at one moment, in a form that is
 * cheap to compare.
 */
record ProcessWide(Locale locale, Locale display, Locale format, String zone, int properties) {

  /** What code can change for the whole process. */
  enum Kind {
    /** {@link Locale#setDefault}. */
    LOCALE("the default locale"),
    /** {@link TimeZone#setDefault}. */
    TIME_ZONE("the default time zone"),
    /** {@link System#setProperty}. */
    SYSTEM_PROPERTIES("the system properties");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  static ProcessWide now() {
    Properties properties = System.getProperties();
    return new ProcessWide(
        Locale.getDefault(),
        Locale.getDefault(Locale.Category.DISPLAY),
        Locale.getDefault(Locale.Category.FORMAT),
        TimeZone.getDefault().getID(),
        properties.hashCode());
  }

  /** What is different in {@code later}. */
  Set<Kind> changedIn(ProcessWide later) {
    Set<Kind> changed = EnumSet.noneOf(Kind.class);
    if (!locale.equals(later.locale)
        || !display.equals(later.display)
        || !format.equals(later.format)) {
      changed.add(Kind.LOCALE);
    }
    if (!zone.equals(later.zone)) {
      changed.add(Kind.TIME_ZONE);
    }
    if (properties != later.properties) {
      changed.add(Kind.SYSTEM_PROPERTIES);
    }
    return changed;
  }
}
