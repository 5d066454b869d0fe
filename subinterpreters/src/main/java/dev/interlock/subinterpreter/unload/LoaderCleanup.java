// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what the code of an interpreter has left in the process and what would keep its
 * classes in memory: threads, timers, shutdown hooks, registered drivers, beans and providers,
 * caches. What it cannot take away it names.
 *
 * <p>Runs on the thread of the interpreter, when no task of it runs any more. It may block for a
 * second for every shutdown hook, and for half a second for all threads together.
 */
public final class LoaderCleanup {
  private static final Logger log = LoggerFactory.getLogger(LoaderCleanup.class);

  private static final List<Cure> CURES =
      List.of(
          new ShutdownHookCure(),
          new TimerCure(),
          new ThreadCure(),
          new ThreadLocalCure(),
          new DriverCure(),
          new BeanCure(),
          new ProviderCure(),
          new UncaughtHandlerCure(),
          (loader, left) -> ResourceBundle.clearCache(loader));

  private LoaderCleanup() {}

  /** What is left, in words for a log line; empty if the loader can be collected. */
  public static List<String> run(UnloadableLoader loader) {
    List<String> left = new ArrayList<>();
    for (Cure cure : CURES) {
      try {
        cure.apply(loader, left::add);
      } catch (Exception | LinkageError e) {
        log.warn("{}: cannot clean up all that it leaves ({})", loader.getName(), cure, e);
      }
    }
    return left;
  }
}
