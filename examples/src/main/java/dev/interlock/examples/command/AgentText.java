// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.command;

import dev.interlock.examples.matrix.TextColumns;
import dev.interlock.gil.agent.AgentCoverage;
import dev.interlock.gil.agent.AgentJar;
import dev.interlock.gil.agent.AgentState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the agent covers and what not, for a terminal. Confined to one thread. */
final class AgentText {
  private static final int WIDTH = 64;

  private final AgentCoverage coverage;
  private final boolean verbose;
  private final List<String> lines = new ArrayList<>();

  /**
   * @param verbose whether to list what is only counted otherwise
   */
  AgentText(AgentCoverage coverage, boolean verbose) {
    this.coverage = coverage;
    this.verbose = verbose;
  }

  List<String> lines() {
    if (coverage.state() == AgentState.ABSENT) {
      add("Switches where tasks cooperate: there is no agent. " + AgentJar.advice());
      return lines;
    }
    add("Switches in any code: the agent instruments it.");
    add(
        "Loaded classes with checks: "
            + count(coverage.classesInstrumented())
            + "; without: "
            + or(
                coverage.classesLeftAlone().entrySet().stream()
                    .map(entry -> count(entry.getValue()) + " " + entry.getKey())
                    .collect(Collectors.joining(", ")),
                "none")
            + ".");
    list("Classes that could not be instrumented", reasoned(coverage.failures()), true);
    list("Methods too long for checks", coverage.tooLargeMethods(), true);
    list("Native methods, in which a thread keeps the lock", coverage.nativeMethods(), verbose);
    list("Methods of the JDK that drop the lock while they block", coverage.bracketed(), verbose);
    list("Such methods of other JDKs", reasoned(coverage.notBracketed()), verbose);
    if (!coverage.uncovered().isEmpty()) {
      add(
          "On this JDK a thread keeps the lock in: "
              + String.join(", ", new TreeSet<>(coverage.uncovered()))
              + ".");
    }
    return lines;
  }

  private void list(String title, Collection<String> entries, boolean each) {
    boolean listed = each && !entries.isEmpty();
    add(title + ": " + (entries.isEmpty() ? "none" : count(entries.size())) + (listed ? ":" : "."));
    if (listed) {
      new TreeSet<>(entries).forEach(entry -> lines.add("  " + entry));
    }
  }

  private static List<String> reasoned(Map<String, String> reasons) {
    return reasons.entrySet().stream().map(one -> one.getKey() + ": " + one.getValue()).toList();
  }

  private static String or(String text, String otherwise) {
    return text.isEmpty() ? otherwise : text;
  }

  private static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  private void add(String text) {
    lines.addAll(TextColumns.wrap(text, WIDTH));
  }
}
