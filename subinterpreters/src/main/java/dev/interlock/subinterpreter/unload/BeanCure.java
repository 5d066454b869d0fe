// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.beans.Introspector;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.function.Consumer;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * Unregisters the MBeans of the loader from the platform's server, and empties the cache of the
 * JavaBeans' introspector.
 */
final class BeanCure implements Cure {
  @Override
  public void apply(UnloadableLoader loader, Consumer<String> left) throws JMException {
    if (loader.hasLinkedTo("java.beans.Introspector")) {
      Introspector.flushCaches();
    }
    if (loader.hasLinkedTo("javax.management.MBeanServer")) {
      unregister(ManagementFactory.getPlatformMBeanServer(), loader, left);
    }
  }

  private static void unregister(
      MBeanServer server, UnloadableLoader loader, Consumer<String> left) {
    Set<ObjectName> names = server.queryNames(null, null);
    for (ObjectName name : names) {
      try {
        if (server.isRegistered(name) && server.getClassLoaderFor(name) == loader) {
          server.unregisterMBean(name);
        }
      } catch (JMException | RuntimeException e) {
        left.accept("the MBean " + name + ", whose end failed with " + e);
      }
    }
  }

  @Override
  public String toString() {
    return "beans";
  }
}
