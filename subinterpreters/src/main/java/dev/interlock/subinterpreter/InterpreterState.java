// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import dev.interlock.TaskExecutor;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.WorkerScope;
import dev.interlock.subinterpreter.unload.LoaderCleanup;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one interpreter is made of, whoever runs it: a class loader, a codec under that loader, a
 * lock and global variables. It has no thread and no queue.
 *
 * <p><b>Concurrency.</b> The lock guards everything that the interpreter's code touches; who runs
 * code holds it, and lets go of it around {@link dev.interlock.Blocking} calls. A thread {@link
 * #enter enters} before it runs code here and {@link #leave leaves} at its end.
 */
final class InterpreterState {
  private static final Logger log = LoggerFactory.getLogger(InterpreterState.class);

  private final InterpreterTable.Entry entry;
  private final ClassSpace space;
  private final boolean warnsOfChanges;
  private final InterpreterGil lock;
  private final InterpreterLoader loader;
  private final Globals globals;

  /** What it was warned of; guarded by itself. */
  private final Set<ProcessWide.Kind> warned = EnumSet.noneOf(ProcessWide.Kind.class);

  /**
   * Makes an interpreter and gives it an id.
   *
   * @param name null for one after its id
   * @param space acquired for this interpreter; {@link #end} releases it
   * @param running whether it runs code now; asked from any thread
   */
  InterpreterState(
      Whence whence,
      @Nullable String name,
      ClassSpace space,
      SubinterpreterOptions options,
      BooleanSupplier running) {
    this.space = space;
    this.lock = new InterpreterGil(options.switchIntervalNs());
    this.warnsOfChanges = options.warnProcessWideChanges();
    this.entry = InterpreterTable.add(whence, name, running);
    this.loader = new InterpreterLoader(entry.name, entry.id, space.index(), space.shared());
    this.globals = new Globals(this);
  }

  long id() {
    return entry.id;
  }

  String name() {
    return entry.name;
  }

  InterpreterTable.Entry entry() {
    return entry;
  }

  InterpreterLoader loader() {
    return loader;
  }

  TaskCodec codec() {
    return loader.codec();
  }

  /** Under the lock. */
  Globals globals() {
    return globals;
  }

  /** Encodes and decodes for the application. */
  TaskCodec applicationCodec() {
    return space.codec();
  }

  void lock() {
    lock.acquire();
  }

  void unlock() {
    lock.release();
  }

  /** Lets another thread of the interpreter have the lock, if one has waited long enough. */
  void checkpoint() {
    lock.checkpoint();
  }

  /** Whether code runs and is not in a blocking call. */
  boolean isLocked() {
    return lock.isHeld();
  }

  /** The current thread runs code of this interpreter from now on. */
  void enter(@Nullable TaskExecutor executor) {
    Thread.currentThread().setContextClassLoader(loader);
    new InterpreterScope(this, executor).bind();
  }

  /** The current thread runs no more code of this interpreter. */
  static void leave() {
    // A future remembers the thread that ran it, and a dead thread its loader.
    Thread.currentThread().setContextClassLoader(InterpreterState.class.getClassLoader());
    WorkerScope.unbind();
  }

  /** Runs code with the lock held, on a thread that has entered. */
  Reply run(Work work) {
    Thread.currentThread().setContextClassLoader(loader);
    lock.acquire();
    try {
      ProcessWide before = before();
      try {
        return work.run(this);
      } finally {
        after(before);
      }
    } catch (Throwable e) { // even out of memory: somebody waits for the reply
      return Reply.Thrown.of(e);
    } finally {
      lock.release();
    }
  }

  /** Before code runs, for {@link #after}; null if nobody wants to know. */
  @Nullable ProcessWide before() {
    return warnsOfChanges ? ProcessWide.now() : null;
  }

  /** Code has run: warns, once for each kind, if it changed what belongs to the process. */
  void after(@Nullable ProcessWide before) {
    if (before == null) {
      return;
    }
    ProcessWide now = ProcessWide.now();
    if (before.equals(now)) {
      return;
    }
    for (ProcessWide.Kind kind : before.changedIn(now)) {
      synchronized (warned) {
        if (!warned.add(kind)) {
          continue;
        }
      }
      log.warn(
          "While {} ran code, {} changed. They belong to the whole process, not to one interpreter."
              + " Pass such values to the code that needs them, or set"
              + " interlock.subinterpreters.warn-process-wide-changes = false.",
          name(),
          kind);
    }
  }

  /**
   * Lets go of all that belongs to the interpreter's code. Called once, when none runs any more.
   */
  void end() {
    globals.close();
    loader.close();
    List<String> left = LoaderCleanup.run(loader);
    if (!left.isEmpty()) {
      log.warn(
          "{} ends, but its code leaves what keeps its classes in memory: {}. End these in the code"
              + " that starts them.",
          name(),
          String.join("; ", left));
    }
    InterpreterTable.remove(entry.id);
    space.release();
  }

  @Override
  public String toString() {
    return name();
  }
}
