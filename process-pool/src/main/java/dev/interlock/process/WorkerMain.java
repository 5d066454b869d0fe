// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.TaskCodec;
import java.io.IOException;
import java.io.InputStream;

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
    InputStream stdin = ChildEnd.stdin();
    Launch launch = Launch.readFrom(stdin);
    ChildEnd end = ChildEnd.open(stdin, launch.token());
    TaskCodec codec =
        TaskCodec.distrusted(ClassLoader.getSystemClassLoader(), ResultOptions.CLASSES);
    TaskLoop loop = new TaskLoop(end, launch.maxFrameBytes(), codec, ChildOutput.install());
    Connector connector = new Connector(launch, end, loop, codec);
    end.connectBy(connector);
    try {
      loop.run();
    } catch (IOException e) {
      System.err.println("Interlock: this child lost its parent: " + e);
      Runtime.getRuntime().halt(LOST);
    } catch (Throwable e) { // threads that tasks have left would keep a child that does nothing
      System.err.println("Interlock: this child failed outside its task: " + e);
      Runtime.getRuntime().halt(FAILED);
    }
    end.channel().close();
    connector.watchdog().childEnds();
    System.exit(0); // ends the threads that tasks have left, and runs their shutdown hooks
  }
}
