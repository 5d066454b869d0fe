// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

import java.beans.Introspector;
import java.lang.management.ManagementFactory;
import java.security.Provider;
import java.security.Security;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ListResourceBundle;
import java.util.Locale;
import java.util.Properties;
import java.util.ResourceBundle;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.logging.Logger;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Tasks that leave something of theirs in the process. */
final class Leftovers {
  private static final ThreadLocal<Object> POOL_LOCAL = new ThreadLocal<>();
  private static final Timer TIMER = new Timer("endless-timer", true);

  private Leftovers() {}

  static int endlessTimer() throws InterruptedException {
    CountDownLatch ran = new CountDownLatch(2);
    TIMER.schedule(
        new TimerTask() {
          @Override
          public void run() {
            ran.countDown();
          }
        },
        1,
        1);
    ran.await();
    return 1;
  }

  static int daemonThread() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              started.countDown();
              try {
                Thread.sleep(600_000);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "daemon-of-a-task");
    thread.setDaemon(true);
    thread.start();
    started.await();
    return 1;
  }

  static int poolThreadLocal() {
    ForkJoinPool.commonPool()
        .submit(() -> POOL_LOCAL.set(new Object[] {new Greeter.English()}[0]))
        .join();
    return 1;
  }

  static int shutdownHook() {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> System.setProperty("hook-of-a-task", "ran")));
    return 1;
  }

  static int driver() throws SQLException {
    DriverManager.registerDriver(new NoDatabase());
    return 1;
  }

  /** What {@link #bean} registers. */
  public interface CountMBean {
    int getCount();
  }

  /** A standard MBean. */
  public static final class Count implements CountMBean {
    @Override
    public int getCount() {
      return 1;
    }
  }

  static int bean() throws Exception {
    ManagementFactory.getPlatformMBeanServer()
        .registerMBean(
            new Count(), new ObjectName("dev.interlock.test:type=Count,id=" + System.nanoTime()));
    return 1;
  }

  static int introspection() throws Exception {
    return Introspector.getBeanInfo(Count.class).getPropertyDescriptors().length;
  }

  static int provider() {
    Security.addProvider(new OwnProvider());
    return 1;
  }

  static int uncaughtHandler() {
    Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {});
    return 1;
  }

  static int bundle() {
    return ResourceBundle.getBundle(Words.class.getName(), Locale.ROOT).keySet().size();
  }

  /** A resource bundle in a class. */
  public static final class Words extends ListResourceBundle {
    @Override
    protected Object[][] getContents() {
      return new Object[][] {{"yes", "ja"}};
    }
  }

  private static final class OwnProvider extends Provider {
    private static final long serialVersionUID = 1L;

    OwnProvider() {
      super("InterlockTest", "1", "of a test");
    }
  }

  /** A driver that connects to nothing. */
  private static final class NoDatabase implements Driver {
    @Override
    public @Nullable Connection connect(String url, Properties info) {
      return null;
    }

    @Override
    public boolean acceptsURL(String url) {
      return false;
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
      return new DriverPropertyInfo[0];
    }

    @Override
    public int getMajorVersion() {
      return 1;
    }

    @Override
    public int getMinorVersion() {
      return 0;
    }

    @Override
    public boolean jdbcCompliant() {
      return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }
  }
}
