// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.tasks;

import dev.interlock.examples.BadUsageException;
import dev.interlock.examples.TaskSet;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Finds task sets: those that come with the tool by name, a user's own by class name. */
public final class TaskSets {
  private static final Map<String, Supplier<TaskSet<?, ?>>> BUILT_IN = builtIn();

  private TaskSets() {}

  private static Map<String, Supplier<TaskSet<?, ?>>> builtIn() {
    Map<String, Supplier<TaskSet<?, ?>>> sets = new LinkedHashMap<>();
    sets.put("crunch", CrunchTasks::new);
    sets.put("fetch", FetchTasks::few);
    sets.put("fetch-many", FetchTasks::many);
    sets.put("mixed", MixedTasks::new);
    sets.put("payload", PayloadTasks::new);
    sets.put("files", FileTasks::new);
    sets.put("increment", IncrementTasks::new);
    sets.put("crash", CrashTasks::new);
    sets.put("startup", StartupTasks::new);
    return sets;
  }

  /** The names of the sets that come with the tool, in the order of the report. */
  public static List<String> builtInNames() {
    return List.copyOf(BUILT_IN.keySet());
  }

  /**
   * The set of that name, or of that class.
   *
   * @throws BadUsageException if there is none; the message lists those that there are
   */
  public static TaskSet<?, ?> named(String name, ClassLoader loader) {
    Supplier<TaskSet<?, ?>> known = BUILT_IN.get(name);
    if (known != null) {
      return known.get();
    }
    try {
      Class<?> type = Class.forName(name, true, loader);
      if (!TaskSet.class.isAssignableFrom(type)) {
        throw new BadUsageException(
            name + " does not implement " + TaskSet.class.getName() + "; a task set must.");
      }
      return (TaskSet<?, ?>) type.getConstructor().newInstance();
    } catch (ClassNotFoundException e) {
      throw new BadUsageException(
          "No such task class: "
              + name
              + ". Built in are "
              + String.join(", ", BUILT_IN.keySet())
              + "; for one of your own give its full class name, and its jar with --classpath.",
          e);
    } catch (InvocationTargetException e) {
      throw new BadUsageException(
          "The constructor of task class " + name + " failed: " + e.getCause() + ".", e);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new BadUsageException(
          "Task class "
              + name
              + " cannot be created: "
              + e
              + ". It must be public, with a public constructor without parameters, and what it"
              + " needs must be on --classpath.",
          e);
    }
  }
}
