// SPDX-License-Identifier: Apache-2.0
package dev.interlock.benchmarks;

import dev.interlock.Blocking;
import dev.interlock.Interlock;
import dev.interlock.TaskExecutor;
import dev.interlock.TaskFuture;
import dev.interlock.gil.Gil;
import dev.interlock.gil.SwitchObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * What the interpreter lock of {@code gil-threading} does under contention, as {@code
 * benchmarks/cpython/gil.py} has it for CPython's: how long a hand-off takes, how fair it is, what
 * several threads cost against one after the other, and how long an I/O operation takes beside
 * threads that compute. {@code benchmarks/run figures [SECONDS]}
 */
public final class LockFigures {
  private static final List<String> POLICIES =
      List.of("switch-interval", "responsive", "check-interval");
  private static final int CHUNK = 200;

  private final long lengthNs;

  private LockFigures(double seconds) {
    lengthNs = (long) (seconds * 1e9);
  }

  /** Prints a line per figure; the argument is how many seconds each takes, 2 if there is none. */
  public static void main(String[] args) throws Exception {
    LockFigures figures = new LockFigures(args.length > 0 ? Double.parseDouble(args[0]) : 2);
    figures.handOff();
    figures.fairness();
    for (int threads : new int[] {2, 4, 8}) {
      figures.againstSequential(threads);
    }
    for (String policy : POLICIES) {
      for (int hogs : new int[] {0, 1, 4}) {
        figures.convoy(policy, hogs);
      }
    }
  }

  private static TaskExecutor open(String policy, int workers) {
    return Interlock.builder()
        .strategy("gil-threading")
        .workers(workers)
        .set("gil-threading.policy", policy)
        .set("gil-threading.check-interval", 1_000)
        .open();
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  /** Computes a little, then comes to a check. */
  private static long chunk(long from) {
    long total = from;
    for (int i = 0; i < CHUNK; i++) {
      total += total * 31 + i;
    }
    Gil.checkpoint();
    return total;
  }

  /** Chunks until told to stop; how many. */
  private static long hog(AtomicBoolean stop) {
    long total = 1;
    long chunks = 0;
    while (!stop.get()) {
      total = chunk(total);
      chunks++;
    }
    return total == 0 ? chunks + 1 : chunks;
  }

  private static List<TaskFuture<Long>> hogs(TaskExecutor executor, int count, AtomicBoolean stop) {
    List<TaskFuture<Long>> hogs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hogs.add(executor.submit(() -> hog(stop)));
    }
    return hogs;
  }

  private static long[] results(List<TaskFuture<Long>> hogs) throws Exception {
    long[] chunks = new long[hogs.size()];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = hogs.get(i).get();
    }
    return chunks;
  }

  private void length() throws InterruptedException {
    Thread.sleep(Duration.ofNanos(lengthNs).toMillis());
  }

  /** From the moment at which a thread is about to hand over to that at which the other goes on. */
  private void handOff() throws Exception {
    try (TaskExecutor executor = open("switch-interval", 2)) {
      Gil gil = Gil.of(executor);
      gil.setSwitchInterval(Duration.ofNanos(500));
      long[] times = new long[2_000_000];
      AtomicLong count = new AtomicLong();
      AtomicLong fromNs = new AtomicLong();
      gil.observe(
          new SwitchObserver() {
            @Override
            public void beforeSwitch(int site) {
              fromNs.setPlain(System.nanoTime());
            }

            @Override
            public void afterSwitch(int site) {
              int i = (int) count.getPlain();
              if (i < times.length) {
                times[i] = System.nanoTime() - fromNs.getPlain();
                count.setPlain(i + 1);
              }
            }
          });
      AtomicBoolean stop = new AtomicBoolean();
      List<TaskFuture<Long>> hogs = hogs(executor, 2, stop);
      length();
      long dropsBefore = gil.statistics().forcedDrops();
      count.set(0); // what came before was warm-up
      length();
      long drops = gil.statistics().forcedDrops() - dropsBefore;
      stop.set(true);
      results(hogs);
      long[] measured = Arrays.copyOf(times, (int) count.get());
      Arrays.sort(measured);
      print(
          "hand-off   forced, at 500 ns: p50 %.2f us, p99 %.1f us; %,.0f a second",
          measured[measured.length / 2] / 1e3,
          measured[measured.length * 99 / 100] / 1e3,
          drops / (lengthNs / 1e9));
    }
  }

  /** Counted once all have been running for a while. */
  private void fairness() throws Exception {
    int threads = 8;
    try (TaskExecutor executor = open("switch-interval", threads)) {
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLongArray chunks = new AtomicLongArray(threads);
      List<TaskFuture<?>> hogs = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int own = i;
        hogs.add(
            executor.submit(
                () -> {
                  long total = 1;
                  while (!stop.get() && total != 0) {
                    total = chunk(total);
                    chunks.setOpaque(own, chunks.getPlain(own) + 1);
                  }
                }));
      }
      length();
      long[] before = IntStream.range(0, threads).mapToLong(chunks::get).toArray();
      length();
      length();
      long[] shares =
          IntStream.range(0, threads).mapToLong(i -> chunks.get(i) - before[i]).toArray();
      stop.set(true);
      for (TaskFuture<?> hog : hogs) {
        hog.get();
      }
      double mean = Arrays.stream(shares).average().orElseThrow();
      print(
          "fairness   %d threads: shares from %.3f to %.3f of the mean",
          threads,
          Arrays.stream(shares).min().orElseThrow() / mean,
          Arrays.stream(shares).max().orElseThrow() / mean);
    }
  }

  /** The same tasks on so many threads, and on one; the median of five rounds. */
  private void againstSequential(int threads) throws Exception {
    try (TaskExecutor one = open("switch-interval", 1);
        TaskExecutor many = open("switch-interval", threads)) {
      long chunks = chunksIn(one, Duration.ofNanos(lengthNs / 2)) / threads;
      double[] ratios = new double[5];
      for (int round = 0; round < ratios.length; round++) {
        double sequential = timeOf(one, threads, chunks);
        ratios[round] = timeOf(many, threads, chunks) / sequential;
      }
      Arrays.sort(ratios);
      print("threads    %d: %.3f x sequential", threads, ratios[ratios.length / 2]);
    }
  }

  private static long chunksIn(TaskExecutor executor, Duration length) throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    TaskFuture<Long> hog = executor.submit(() -> hog(stop));
    Thread.sleep(length.toMillis());
    stop.set(true);
    return hog.get();
  }

  private static double timeOf(TaskExecutor executor, int tasks, long chunks) throws Exception {
    long fromNs = System.nanoTime();
    List<TaskFuture<Long>> futures = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      futures.add(
          executor.submit(
              () -> {
                long total = 1;
                for (long chunk = 0; chunk < chunks; chunk++) {
                  total = chunk(total);
                }
                return total;
              }));
    }
    results(futures);
    return System.nanoTime() - fromNs;
  }

  /** A byte to an echo and back, beside so many threads that compute; and what these keep. */
  private void convoy(String policy, int count) throws Exception {
    try (TaskExecutor executor = open(policy, count + 1);
        Echo echo = new Echo()) {
      AtomicBoolean stopAlone = new AtomicBoolean();
      List<TaskFuture<Long>> alone = hogs(executor, count, stopAlone);
      length();
      stopAlone.set(true);
      long expected = Arrays.stream(results(alone)).sum();

      AtomicBoolean stop = new AtomicBoolean();
      List<TaskFuture<Long>> hogs = hogs(executor, count, stop);
      TaskFuture<long[]> operations = executor.submit(() -> echo.operations(stop));
      length();
      stop.set(true);
      long kept = Arrays.stream(results(hogs)).sum();
      long[] times = operations.get();
      Arrays.sort(times);
      print(
          "convoy     %s, %d hogs: median %,.0f us, mean %,.0f us, p99 %,.0f us per operation%s",
          policy,
          count,
          times[times.length / 2] / 1e3,
          Arrays.stream(times).average().orElseThrow() / 1e3,
          times[times.length * 99 / 100] / 1e3,
          count == 0
              ? ""
              : String.format(Locale.ROOT, "; hogs keep %.2f", (double) kept / expected));
    }
  }

  /** A connection to a thread that sends back what it gets, and has no part in the lock. */
  private static final class Echo implements AutoCloseable {
    private final SocketChannel ours;
    private final SocketChannel theirs;

    Echo() throws IOException {
      try (ServerSocketChannel server = ServerSocketChannel.open()) {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ours = SocketChannel.open(server.getLocalAddress());
        theirs = server.accept();
      }
      ours.setOption(StandardSocketOptions.TCP_NODELAY, true);
      theirs.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Thread thread = new Thread(this::sendBack, "echo");
      thread.setDaemon(true);
      thread.start();
    }

    private void sendBack() {
      ByteBuffer one = ByteBuffer.allocateDirect(1);
      try (theirs) {
        while (theirs.read(one.clear()) > 0) {
          theirs.write(one.flip());
        }
      } catch (IOException e) {
        throw new IllegalStateException("The echo has lost its connection.", e);
      }
    }

    /** How long each took, but for those of the begin, which are warm-up. */
    long[] operations(AtomicBoolean stop) throws Exception {
      List<Long> times = new ArrayList<>();
      ByteBuffer one = ByteBuffer.allocateDirect(1);
      while (!stop.get()) {
        long fromNs = System.nanoTime();
        Blocking.call(() -> ours.write(one.clear()) + ours.read(one.clear()));
        times.add(System.nanoTime() - fromNs);
      }
      return times.stream().skip(times.size() / 4).mapToLong(time -> time).toArray();
    }

    /** The thread reads the end of the stream, and ends. */
    @Override
    public void close() throws IOException {
      ours.close();
    }
  }
}
