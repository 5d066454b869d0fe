// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.Outcome;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/** The main class of a child JVM. */
final class WorkerMain {
  /** A child that has lost its parent, or whose channel broke: {@code EX_IOERR} of sysexits. */
  static final int LOST = 74;

  /** A child that failed outside its task: {@code EX_SOFTWARE}. */
  private static final int FAILED = 70;

  private static final String CHANNELS = "java.nio.channels.spi.SelectorProvider";

  private WorkerMain() {}

  /**
   * Meets the parent and runs its tasks until it says stop; ends when the parent ends.
   *
   * @param arguments the worker's name, for {@code ps}
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    TaskCodec codec =
        TaskCodec.distrusted(ClassLoader.getSystemClassLoader(), ResultOptions.CLASSES);
    new RandomSetUp().start();
    CodecSetUp setUp = new CodecSetUp(codec);
    setUp.start();
    Launch launch = Launch.readFrom(stdin());
    chooseChannels();
    FrameChannel tasks = launch.connect(Launch.TASKS, FrameChannel.BUFFER_BYTES);
    TaskLoop loop = new TaskLoop(tasks, launch.maxFrameBytes(), codec, ChildOutput.install());
    setUp.join(); // once it is connected, the time of tasks counts
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
  private static final class CodecSetUp extends Thread {
    private final TaskCodec codec;

    CodecSetUp(TaskCodec codec) {
      super("interlock-codec-set-up");
      this.codec = codec;
      setDaemon(true);
    }

    @Override
    public void run() {
      codec.decode(codec.encode(Outcome.success(1)));
    }
  }

  /**
   * The JDK makes a source of random numbers before its first Unix-domain socket, which takes as
   * long as all else about that: a processor that is free does it beside the rest.
   */
  private static final class RandomSetUp extends Thread {
    RandomSetUp() {
      super("interlock-random-set-up");
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        SecureRandom.getInstance("NativePRNGNonBlocking");
      } catch (NoSuchAlgorithmException e) {
        return; // not Linux: the JDK takes another one
      }
    }
  }

  /**
   * Names the channels that Linux has anyhow. Left to itself, the JDK looks for others in every jar
   * of the class path first, which takes longer than to connect.
   */
  private static void chooseChannels() {
    if (System.getProperty(CHANNELS) == null && System.getProperty("os.name").equals("Linux")) {
      System.setProperty(CHANNELS, "sun.nio.ch.EPollSelectorProvider");
      SelectorProvider.provider();
      System.clearProperty(CHANNELS);
    }
  }

  /** Not to be closed: its number would go to the next file that is opened. */
  private static FileInputStream stdin() {
    return new FileInputStream(FileDescriptor.in);
  }
}
