// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import dev.interlock.SubmitSite;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The stacks of the code that submits tasks, without Interlock's own frames at their top.
 *
 * <p>Walking a stack takes several microseconds, more than all the rest of a submit. So a thread
 * that submits tasks of one class in quick succession, as a loop does, has its stack walked once in
 * 100 microseconds, and the tasks between share what was found; the {@link SubmitSite} of those
 * says so.
 *
 * <p>Thread-safe, no lock: a lost write costs a walk.
 */
final class SubmitSites {
  private static final int MOST_FRAMES = 16;
  private static final long FRESH_NS = 100_000;
  private static final int SLOTS = 16;
  private static final StackWalker WALKER = StackWalker.getInstance();

  private final AtomicReferenceArray<@Nullable Recent> slots = new AtomicReferenceArray<>(SLOTS);

  /**
   * Where a task was submitted.
   *
   * @param taskId the task for which the stack was walked; 0 for no task in particular
   * @param frames innermost first
   */
  @SuppressWarnings("ArrayRecordComponent") // sites are not compared
  record Site(long taskId, StackTraceElement[] frames) {

    SubmitSite of(long id, String description) {
      return new SubmitSite(
          taskId == id
              ? description + " was submitted here"
              : description
                  + " was submitted here, if not elsewhere within 0.1 ms: this is the stack of task "
                  + taskId
                  + ", submitted just before by the same thread",
          frames);
    }
  }

  private record Recent(WeakReference<Class<?>> taskClass, long thread, long atNs, Site site) {}

  /** The site of a task that the current thread submits. */
  Site of(TaskRun<?> run) {
    Class<?> taskClass = run.taskClass();
    int slot = System.identityHashCode(taskClass) % SLOTS;
    long thread = threadId();
    long nowNs = System.nanoTime();
    Recent recent = slots.get(slot);
    if (recent != null
        && recent.thread == thread
        && nowNs - recent.atNs < FRESH_NS
        && recent.taskClass.refersTo(taskClass)) {
      return recent.site;
    }
    Site site = new Site(run.taskId(), walk());
    slots.set(slot, new Recent(new WeakReference<>(taskClass), thread, nowNs, site));
    return site;
  }

  /** The stack of the current thread. */
  static Site here() {
    return new Site(0, walk());
  }

  @SuppressWarnings("deprecation") // its successor came with 19
  private static long threadId() {
    return Thread.currentThread().getId();
  }

  private static StackTraceElement[] walk() {
    return WALKER.walk(
        frames ->
            frames
                .dropWhile(frame -> frame.getClassName().startsWith("dev.interlock.spi."))
                .limit(MOST_FRAMES)
                .map(StackWalker.StackFrame::toStackTraceElement)
                .toArray(StackTraceElement[]::new));
  }
}
