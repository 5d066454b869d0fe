// SPDX-License-Identifier: Apache-2.0
package dev.interlock.underfire;

import dev.interlock.Task;
import dev.interlock.TaskExecutor;
import java.util.concurrent.Callable;

/** Classes whose initializers take their time. Public: they are defined by other loaders, too. */
public final class Initializers {
  /** What {@link WaitsForATask} submits to. */
  public static volatile TaskExecutor executor;

  private Initializers() {}

  public static final class Sleeps implements Callable<Integer> {
    private static final int VALUE = slowly();

    private static int slowly() {
      for (int i = 0; i < 3; i++) {
        pause();
      }
      return 7;
    }

    @Override
    public Integer call() {
      return VALUE;
    }
  }

  public static final class Loops implements Callable<Integer> {
    private static final int VALUE = slowly();

    private static int slowly() {
      int sum = 0;
      for (int i = 0; i < 100_000; i++) {
        sum += i % 7;
      }
      return sum;
    }

    @Override
    public Integer call() {
      return VALUE;
    }
  }

  public static final class WaitsForATask implements Callable<Integer> {
    private static final int VALUE = submitted();

    private static int submitted() {
      pause(); // meanwhile the others have been submitted, and wait for the class
      try {
        return executor.submit(new Seven()).get();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Integer call() {
      return VALUE;
    }
  }

  /** Not a lambda: its code would be in the class that is being initialized. */
  public static final class Seven implements Task<Integer> {
    @Override
    public Integer call() {
      int sum = 0;
      for (int i = 0; i < 7; i++) {
        sum++;
      }
      return sum;
    }
  }

  public static final class Throws implements Callable<Integer> {
    private static final int VALUE = thrown();

    private static int thrown() {
      pause();
      throw new IllegalStateException("on purpose");
    }

    @Override
    public Integer call() {
      return VALUE;
    }
  }

  public static void pause() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
