// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.Outcome;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;

/** The main class of a child JVM. */
final class WorkerMain {
  /** A child that has lost its parent, or whose channel broke: {@code EX_IOERR} of sysexits. */
  static final int LOST = 74;

  /** A child that failed outside its task: {@code EX_SOFTWARE}. */
  private static final int FAILED = 70;

  private WorkerMain() {}

  /**
   * Meets the parent and runs its tasks until it says stop; ends when the parent ends.
   *
   * @param arguments the worker's name, for {@code ps}
   */
  public static void main(String[] arguments) throws IOException {
    TaskCodec codec =
        TaskCodec.distrusted(ClassLoader.getSystemClassLoader(), ResultOptions.CLASSES);
    setUpAhead(codec);
    Launch launch = Launch.readFrom(stdin());
    FrameChannel tasks = launch.connect(Launch.TASKS, FrameChannel.BUFFER_BYTES);
    TaskLoop loop = new TaskLoop(tasks, launch.maxFrameBytes(), codec, ChildOutput.install());
    Watchdog watchdog = Watchdog.start(launch, loop);
    try {
      loop.run();
    } catch (IOException e) {
      System.err.println("Interlock: this child lost its parent: " + e);
      Runtime.getRuntime().halt(LOST);
    } catch (Throwable e) { // threads that tasks have left would keep a child that does nothing
      System.err.println("Interlock: this child failed outside its task: " + e);
      Runtime.getRuntime().halt(FAILED);
    }
    tasks.close();
    watchdog.childEnds();
    System.exit(0); // ends the threads that tasks have left, and runs their shutdown hooks
  }

  /** The codec's set-up takes as long as the way to the parent does, so both go side by side. */
  private static void setUpAhead(TaskCodec codec) {
    Thread thread =
        new Thread(() -> codec.decode(codec.encode(Outcome.success(1))), "interlock-codec-set-up");
    thread.setDaemon(true);
    thread.start();
  }

  /** Not to be closed: its number would go to the next file that is opened. */
  private static FileInputStream stdin() {
    return new FileInputStream(FileDescriptor.in);
  }
}
