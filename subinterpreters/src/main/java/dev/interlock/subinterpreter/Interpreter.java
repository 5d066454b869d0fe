// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import com.google.common.util.concurrent.ListenableFuture;
import dev.interlock.Action;
import dev.interlock.Task;
import dev.interlock.TaskBiFunction;
import dev.interlock.TaskFunction;
import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.WorkerScope;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectStreamException;
import java.io.Serializable;
import java.lang.ref.Cleaner;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An interpreter of this process: classes and statics of its own, a lock, global variables. After
 * CPython's {@code concurrent.interpreters.Interpreter} (PEP 734).
 *
 * <p><b>What runs where.</b> {@link #exec} and {@link #call} run on the interpreter's own thread,
 * one at a time, while the caller waits; a second one fails. {@link #callInThread} runs on one more
 * thread. All of them share the interpreter's lock: one at a time runs its code, {@link
 * dev.interlock.Blocking} calls let go of it. Inside the interpreter, calls of other interpreters
 * may be nested; a call back into the one that waits fails, for it runs.
 *
 * <p><b>What crosses.</b> Shareable values cross by themselves, as {@link Interpreters#isShareable}
 * has them; all else encoded, as tasks of executors are. What the code throws stays there: see
 * {@link ExecutionFailedException}.
 *
 * <p><b>Interrupts.</b> Interrupting a thread that waits in a call interrupts the code that it
 * waits for, as it would if that ran on the same thread. The call ends when that code does; the
 * waiting thread is interrupted then.
 *
 * <p><b>Life.</b> {@link #close} ends it, or dropping the last reference to it. Thread-safe.
 */
public final class Interpreter implements AutoCloseable, Serializable {
  private static final long serialVersionUID = 1L;
  private static final Cleaner CLEANER = Cleaner.create();

  private final transient InterpreterTable.Entry entry;

  /** What it consists of; null for those that others have made. */
  private final transient @Nullable InterpreterBody body;

  /** The handle of an interpreter that others have made. */
  Interpreter(InterpreterTable.Entry entry) {
    this.entry = entry;
    this.body = null;
  }

  private Interpreter(InterpreterTable.Entry entry, InterpreterBody body) {
    this.entry = entry;
    this.body = body;
    entry.handledBy(this);
    CLEANER.register(this, body);
  }

  static Interpreter create(SubinterpreterOptions options) {
    ClassSpace space;
    try {
      space = ClassSpace.acquire(ClassSpace.application(), options);
    } catch (IOException e) {
      throw new InterpreterException("The class path cannot be opened: " + e.getMessage(), e);
    }
    InterpreterBody body = new InterpreterBody();
    InterpreterState state =
        new InterpreterState(Whence.MODULE, null, space, options, body::isRunning);
    body.take(state);
    return new Interpreter(state.entry(), body);
  }

  /**
   * The number that no other interpreter of this process has or will have; 0 for the application.
   */
  public long id() {
    return entry.id;
  }

  /** Where it comes from. */
  public Whence whence() {
    return entry.whence;
  }

  /**
   * Whether it runs code: an {@code exec}, a {@code call} or threads of {@code callInThread}, or a
   * task of its executor. The application always does.
   *
   * @throws InterpreterNotFoundException if it is closed
   */
  public boolean isRunning() {
    if (!InterpreterTable.isLive(entry.id)) {
      throw InterpreterNotFoundException.closed(entry.id);
    }
    return entry.isRunning();
  }

  /**
   * Binds one variable; see {@link #prepareMain(Map)}.
   *
   * @throws dev.interlock.NotShareableException if the value is not shareable
   */
  public void prepareMain(String name, @Nullable Object value) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    variables.put(name, value);
    prepareMain(variables);
  }

  /**
   * Binds variables for {@link #exec} and {@link #get}: all of them, or none if one is refused.
   * Values must be shareable, see {@link Interpreters#isShareable}. Blocks while that is done.
   *
   * @throws IllegalArgumentException if a name is no Java identifier
   * @throws dev.interlock.NotShareableException if a value is not shareable; it names the path
   * @throws InterpreterRunningException if the interpreter runs an exec or a call
   * @throws InterpreterNotFoundException if it is closed
   * @throws UnmanagedInterpreterException if {@link Interpreters#create} has not made it
   */
  public void prepareMain(Map<String, ?> variables) {
    requireOwn();
    TaskCodec codec = callersCodec();
    Map<String, Parcel> taken = new LinkedHashMap<>();
    variables.forEach((name, value) -> Globals.requireName(name));
    variables.forEach((name, value) -> taken.put(name, Shareable.pack(name, value)));
    run(state -> state.globals().bind(taken), codec);
  }

  /**
   * Runs Java source: statements, declarations and expressions, as JShell takes them. What it
   * declares stays for the next {@code exec}. Blocks until it has run, which takes milliseconds: it
   * is compiled.
   *
   * <p>{@code System.exit} in it ends the process.
   *
   * @throws InvalidSourceException if a part does not compile; those before it have run
   * @throws ExecutionFailedException if it throws; the interpreter stays usable
   * @throws InterpreterRunningException if the interpreter runs an exec or a call
   * @throws InterpreterNotFoundException if it is closed
   * @throws UnmanagedInterpreterException if {@link Interpreters#create} has not made it
   * @throws InterpreterException if this Java runtime has no module jdk.jshell
   */
  public void exec(String source) {
    Objects.requireNonNull(source, "source");
    requireOwn();
    run(state -> state.globals().exec(source), callersCodec());
  }

  /**
   * The value of a variable that {@link #prepareMain} or {@link #exec} has set, as a shareable or a
   * decoded copy. The interpreter's own code gets the object itself.
   *
   * @throws NoSuchElementException if there is no such variable
   * @throws dev.interlock.NotShareableException if the value cannot cross
   * @throws InterpreterRunningException if the interpreter runs an exec or a call
   * @throws InterpreterNotFoundException if it is closed
   * @throws UnmanagedInterpreterException if {@link Interpreters#create} has not made it
   */
  public @Nullable Object get(String name) {
    Objects.requireNonNull(name, "name");
    requireOwn();
    if (WorkerScope.current() instanceof InterpreterScope scope && scope.id() == entry.id) {
      return scope.state().globals().read(name);
    }
    return run(
        state -> {
          try {
            return Reply.of(state.globals().read(name), state.codec());
          } catch (NoSuchElementException e) {
            return new Reply.NoVariable(name);
          }
        },
        callersCodec());
  }

  /**
   * Calls a task in the interpreter and waits for its result.
   *
   * @throws dev.interlock.NotShareableException if the task or its result cannot cross
   * @throws dev.interlock.UndecodableException if the task or its result cannot be decoded
   * @throws ExecutionFailedException if the task throws
   * @throws InterpreterRunningException if the interpreter runs an exec or a call
   * @throws InterpreterNotFoundException if it is closed
   * @throws UnmanagedInterpreterException if {@link Interpreters#create} has not made it
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // the task's result is a T
  public <T extends @Nullable Object> T call(Task<T> task) {
    return (T) perform(task);
  }

  /** {@link #call(Task)} without a result. */
  public void call(Action action) {
    perform(action);
  }

  /**
   * {@link #call(Task)} with an argument, which crosses without being encoded if it is a shareable.
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // the function's result is an R
  public <A extends @Nullable Object, R extends @Nullable Object> R call(
      TaskFunction<? super A, ? extends R> function, A argument) {
    return (R) perform(function, argument);
  }

  /** {@link #call(TaskFunction, Object)} with two arguments. */
  @SuppressWarnings({"unchecked", "NullAway"}) // the function's result is an R
  public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object>
      R call(TaskBiFunction<? super A, ? super B, ? extends R> function, A first, B second) {
    return (R) perform(function, first, second);
  }

  private @Nullable Object perform(Object function, @Nullable Object... arguments) {
    Objects.requireNonNull(function, "task");
    requireOwn();
    TaskCodec codec = callersCodec();
    return run(new Call(codec, function, arguments), codec);
  }

  /**
   * Calls a task on a new thread of the interpreter, also while it runs other code: they take turns
   * under its lock. The interpreter cannot be closed before the task has ended.
   *
   * @return fails with what {@link #call(Task)} would throw. Cancelling it before the task has
   *     begun keeps it from running, {@code cancel(true)} interrupts it. Not a {@link
   *     dev.interlock.TaskFuture}, which is an executor's
   * @throws dev.interlock.NotShareableException if the task cannot cross
   * @throws InterpreterNotFoundException if it is closed
   * @throws UnmanagedInterpreterException if {@link Interpreters#create} has not made it
   */
  public <T extends @Nullable Object> ListenableFuture<T> callInThread(Task<T> task) {
    return start(task);
  }

  /** {@link #callInThread(Task)} without a result. */
  public ListenableFuture<?> callInThread(Action action) {
    return this.<@Nullable Object>start(action);
  }

  private <T extends @Nullable Object> ListenableFuture<T> start(Object function) {
    Objects.requireNonNull(function, "task");
    InterpreterBody own = requireOwn();
    TaskCodec codec = callersCodec();
    Work work = new Call(codec, function);
    InterpreterCall<T> future = new InterpreterCall<>();
    InterpreterState state = own.beginThread(entry.id);
    try {
      InterpreterThread.unstarted(
              state.name() + "-call", () -> future.run(state, work, codec, this::threadEnded))
          .start();
    } catch (Throwable e) { // out of threads
      threadEnded();
      throw new InterpreterException("Interpreter " + id() + " gets no thread: " + e, e);
    }
    return future;
  }

  /** A method of the handle, so that a thread that runs keeps it in reach. */
  private void threadEnded() {
    Objects.requireNonNull(body).threadEnded();
  }

  private @Nullable Object run(Work work, TaskCodec codec) {
    InterpreterBody own = requireOwn();
    InterpreterThread thread = own.begin(entry.id);
    try {
      return thread.run(keepingHandle(work)).open(entry.id, codec);
    } finally {
      own.ended();
    }
  }

  /** As long as code runs, {@link Interpreters#current} finds the handle. */
  private Work keepingHandle(Work work) {
    return state -> {
      try {
        return work.run(state);
      } finally {
        java.lang.ref.Reference.reachabilityFence(this);
      }
    };
  }

  private InterpreterBody requireOwn() {
    if (body == null) {
      throw new UnmanagedInterpreterException(
          entry.id == InterpreterTable.MAIN
              ? "Interpreter 0 is the application itself: its handle neither runs code in it nor closes"
                  + " it."
              : "Interpreter "
                  + entry.id
                  + " is an executor's ("
                  + entry.name
                  + "): submit tasks to that, or shut it down.");
    }
    return body;
  }

  /** Encodes what the current thread sends, and decodes what it gets. */
  private TaskCodec callersCodec() {
    TaskCodec local = LocalCodec.ofInterpreter();
    if (local != null) {
      return local;
    }
    return requireOwn().open(entry.id).applicationCodec();
  }

  /**
   * Ends the interpreter: its classes can be unloaded, and its handle is of no more use. Waits for
   * its thread. Closing it again does nothing, as {@link AutoCloseable} wants it; CPython raises an
   * error.
   *
   * @throws InterpreterRunningException if it runs code; also if that code calls this
   * @throws UnmanagedInterpreterException if {@link Interpreters#create} has not made it
   */
  @Override
  public void close() {
    InterpreterThread thread = requireOwn().end();
    if (thread != null) {
      thread.join();
    }
  }

  private Object writeReplace() throws ObjectStreamException {
    return new HandleReference(HandleReference.Kind.INTERPRETER, entry.id);
  }

  private void readObject(ObjectInputStream in) throws InvalidObjectException {
    throw new InvalidObjectException("An interpreter crosses as a HandleReference.");
  }

  @Override
  public String toString() {
    return "Interpreter(" + entry.id + ")";
  }
}
