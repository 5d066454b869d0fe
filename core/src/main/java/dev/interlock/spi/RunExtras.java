// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What few runs need: limits, a preset result, the submit site, a number. All but the number is
 * written before the run is queued. Where there is one, it stands where the run has its executor.
 */
final class RunExtras {
  private static final VarHandle TASK_ID;

  static {
    try {
      TASK_ID = MethodHandles.lookup().findVarHandle(RunExtras.class, "taskId", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  final AbstractTaskExecutor owner;
  RunWatch watch = RunWatch.NONE;
  SubmitSites.@Nullable Site submitSite;
  private @Nullable Preset preset;
  private volatile long taskId;

  private record Preset(@Nullable Object result) {}

  RunExtras(AbstractTaskExecutor owner) {
    this.owner = owner;
  }

  void presetResult(@Nullable Object result) {
    preset = new Preset(result);
  }

  /** The preset result, if there is one, in place of the one that the body has returned. */
  @Nullable Object resultOr(@Nullable Object returned) {
    return preset == null ? returned : preset.result;
  }

  /** The number of the run, given when it is first asked for. */
  long taskId() {
    long id = taskId;
    if (id == 0) {
      long fresh = owner.nextTaskId();
      id = TASK_ID.compareAndSet(this, 0L, fresh) ? fresh : taskId;
    }
    return id;
  }
}
