// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import dev.interlock.codec.TaskCodec;
import dev.interlock.spi.Outcome;
import java.io.IOException;
import java.nio.channels.spi.SelectorProvider;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Connects a child to its parent, and sets up what its tasks will need, while the main thread may
 * run a first task already. A thread of its own, which ends after that. It begins when that task
 * does, or when there is none, or else after a moment: what a task is made of may run code, too.
 */
final class Connector extends Thread {
  private static final String CHANNELS = "java.nio.channels.spi.SelectorProvider";

  /** A first task gets a processor of its own for so long, if the parent has one. */
  private static final long DELAY_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Launch launch;
  private final ChildEnd end;
  private final TaskLoop loop;
  private final TaskCodec codec;
  private volatile boolean wanted;
  private volatile @Nullable Watchdog watchdog;

  Connector(Launch launch, ChildEnd end, TaskLoop loop, TaskCodec codec) {
    super("interlock-connector");
    this.launch = launch;
    this.end = end;
    this.loop = loop;
    this.codec = codec;
    setDaemon(true);
  }

  /** The first task is about to run, or there is none: it is time to connect. */
  void begin() {
    wanted = true;
    LockSupport.unpark(this);
  }

  @Override
  public void run() {
    long startNs = System.nanoTime();
    long leftNs = DELAY_NS;
    while (!wanted && leftNs > 0) {
      LockSupport.parkNanos(this, leftNs);
      leftNs = DELAY_NS - (System.nanoTime() - startNs);
    }
    new RandomSetUp().start();
    try {
      chooseChannels();
      FrameChannel tasks = launch.connect(Launch.TASKS, FrameChannel.BUFFER_BYTES);
      watchdog = Watchdog.start(launch, loop);
      end.connected(tasks);
    } catch (IOException e) {
      System.err.println("Interlock: this child cannot reach its parent: " + e);
      Runtime.getRuntime().halt(WorkerMain.LOST);
    }
    codec.decode(codec.encode(Outcome.success(1)));
  }

  /** The one that was started; for a child that is connected. */
  Watchdog watchdog() {
    Watchdog started = watchdog;
    if (started == null) {
      throw new IllegalStateException("not connected");
    }
    return started;
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
}
