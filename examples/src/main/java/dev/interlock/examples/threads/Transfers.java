// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.threads;

import dev.interlock.CriticalSection;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Phaser;

/**
 * Transfers between bank accounts: under an interpreter lock they seldom go wrong; without one,
 * updates are lost. A {@link CriticalSection} on both accounts keeps them whole, whatever the
 * order.
 */
public final class Transfers {
  private static final int ACCOUNTS = 8;
  private static final int EACH = 1_000;
  private static final int TRANSFERS = 200_000;

  private static final class Account {
    int balance = EACH;
  }

  private Transfers() {}

  /** Loses an update, then none of many. */
  public static void main(String[] arguments) throws Exception {
    try (TaskExecutor executor = Interlock.builder().strategy("free-threaded").workers(2).open()) {
      System.out.println("two deposits of 1 that meet: " + meeting(executor) + " arrived");
      System.out.println(
          "lost in " + TRANSFERS + " transfers in sections: " + inSections(executor));
    }
  }

  /** Both tasks have read the balance before either of them writes it. */
  private static int meeting(TaskExecutor executor) throws Exception {
    Account account = new Account();
    Phaser meeting = new Phaser(2);
    List<TaskFuture<?>> deposits = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      deposits.add(
          executor.submit(
              () -> {
                int balance = account.balance;
                meeting.arriveAndAwaitAdvance();
                account.balance = balance + 1;
              }));
    }
    for (TaskFuture<?> deposit : deposits) {
      deposit.get();
    }
    return account.balance - EACH;
  }

  private static int inSections(TaskExecutor executor) throws Exception {
    List<Account> accounts = new ArrayList<>();
    for (int i = 0; i < ACCOUNTS; i++) {
      accounts.add(new Account());
    }
    List<TaskFuture<?>> clerks = new ArrayList<>();
    for (int clerk = 0; clerk < 4; clerk++) {
      Random random = new Random(clerk);
      clerks.add(
          executor.submit(
              () -> {
                for (int i = 0; i < TRANSFERS / 4; i++) {
                  Account from = accounts.get(random.nextInt(ACCOUNTS));
                  Account to = accounts.get(random.nextInt(ACCOUNTS));
                  CriticalSection.on(from, to)
                      .run(
                          () -> {
                            from.balance--;
                            to.balance++;
                          });
                }
              }));
    }
    for (TaskFuture<?> clerk : clerks) {
      clerk.get();
    }
    return ACCOUNTS * EACH - accounts.stream().mapToInt(account -> account.balance).sum();
  }
}
