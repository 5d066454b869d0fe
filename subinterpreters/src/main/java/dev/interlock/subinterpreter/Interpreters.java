// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import com.typesafe.config.Config;
import dev.interlock.spi.WorkerScope;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The interpreters of this process, after CPython's {@code concurrent.interpreters} (PEP 734).
 *
 * <pre>{@code
 * try (Interpreter interpreter = Interpreters.create()) {
 *   interpreter.prepareMain("n", 20);
 *   interpreter.exec("int square = n * n;");
 *   System.out.println(interpreter.get("square"));
 *   System.out.println(interpreter.call(() -> Fibonacci.of(30)));
 * }
 * }</pre>
 *
 * <p>Ids are never used twice; 0 is the application's own. Of each interpreter there is one {@link
 * Interpreter} as long as anybody has it. Interpreters work on every JVM, without flags; queues
 * need those that {@link ChronicleFlags} names. Thread-safe.
 */
public final class Interpreters {
  private Interpreters() {}

  /**
   * Makes an interpreter, as the configuration at {@code interlock.subinterpreters} has it. That is
   * read once for each class loader, and again when system properties have changed.
   *
   * <p>Takes about a millisecond, the first time tens of them: the class path is opened. No thread
   * is started before there is something to run.
   *
   * @throws dev.interlock.ConfigurationException if an option is wrong
   * @throws InterpreterException if the class path cannot be opened
   */
  public static Interpreter create() {
    return Interpreter.create(ConfiguredOptions.current());
  }

  /**
   * {@link #create()} with {@code config} in place of {@code application.conf}.
   *
   * @throws dev.interlock.ConfigurationException if an option is wrong
   * @throws InterpreterException if the class path cannot be opened
   */
  public static Interpreter create(Config config) {
    return Interpreter.create(ConfiguredOptions.of(Objects.requireNonNull(config, "config")));
  }

  /**
   * All interpreters, in the order of their ids: the application first, and those of executors as
   * well.
   */
  public static List<Interpreter> listAll() {
    return InterpreterTable.handles();
  }

  /**
   * The interpreter whose code the current thread runs; a thread that code in an interpreter has
   * started is the interpreter's.
   *
   * @throws InterpreterNotFoundException if it has ended, and the thread goes on
   */
  public static Interpreter current() {
    return lookup(InterpreterTable.current());
  }

  /** The application itself. */
  public static Interpreter main() {
    return lookup(InterpreterTable.MAIN);
  }

  /**
   * The interpreter of that id.
   *
   * @throws InterpreterNotFoundException if there is none, or no longer
   */
  public static Interpreter lookup(long id) {
    @Nullable Interpreter handle = InterpreterTable.handle(id);
    if (handle == null) {
      throw InterpreterNotFoundException.unknown(id);
    }
    return handle;
  }

  /**
   * A queue for any number of items.
   *
   * @throws MissingJvmFlagsException as {@link #createQueue(QueueOptions)}
   * @throws QueueStorageException as {@link #createQueue(QueueOptions)}
   */
  public static InterpreterQueue createQueue() {
    return createQueue(QueueOptions.defaults());
  }

  /**
   * A queue with room for so many items.
   *
   * @param maxSize at most 0 means any number
   * @throws MissingJvmFlagsException as {@link #createQueue(QueueOptions)}
   * @throws QueueStorageException as {@link #createQueue(QueueOptions)}
   */
  public static InterpreterQueue createQueue(int maxSize) {
    return createQueue(QueueOptions.defaults().withMaxSize(maxSize));
  }

  /**
   * Creates a queue, or opens a durable one with what it still holds. Blocks on the file system
   * only.
   *
   * @throws MissingJvmFlagsException if Chronicle cannot work in this JVM
   * @throws QueueStorageException if there is no space or the directory cannot be written to;
   *     nothing is left
   * @throws QueueInUseException if an end of the durable queue belongs to somebody else
   */
  public static InterpreterQueue createQueue(QueueOptions options) {
    return InterpreterQueue.create(Objects.requireNonNull(options, "options"));
  }

  /**
   * The open queue of that id.
   *
   * @throws QueueNotFoundException if there is none in this process
   */
  public static InterpreterQueue lookupQueue(long id) {
    InterpreterQueue queue = QueueTable.find(id);
    if (queue == null) {
      throw new QueueNotFoundException(
          "There is no queue " + id + " in this process, or it was closed.");
    }
    return queue;
  }

  /**
   * Whether a value crosses to other interpreters by itself: null, strings, boxed primitives, byte
   * arrays (they are copied), direct byte buffers (the memory is shared), interpreters and queues;
   * records and immutable lists ({@code List.of}, {@code List.copyOf}) if all in them do, up to 500
   * levels deep. {@link Interpreter#prepareMain} takes nothing else. Calls, results and queues
   * encode other objects as tasks are. Items of durable queues outlive the process, so these encode
   * direct byte buffers as well, and refuse interpreters and queues.
   *
   * <p>Calls the accessors of records; false if one throws.
   */
  public static boolean isShareable(@Nullable Object value) {
    return Shareable.isShareable(value);
  }

  /**
   * Lets another thread of the current interpreter run, if one has waited and this one has had the
   * interpreter's lock for a switch interval ({@code interlock.subinterpreters.switch-interval});
   * returns when it is this one's turn again. CPython does that between bytecodes; code on the JVM
   * calls it in long loops, where an interpreter has several threads. Does nothing outside of an
   * interpreter, in a blocking call, or if nobody waits, which takes some nanoseconds.
   *
   * <p>Waits without being interrupted, and keeps the thread's interrupt.
   */
  public static void checkpoint() {
    if (WorkerScope.current() instanceof InterpreterScope scope) {
      scope.checkpoint();
    }
  }
}
