// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import com.google.common.base.Splitter;
import dev.interlock.Capability;
import dev.interlock.ConfigurationException;
import dev.interlock.spi.ExecutorSettings;
import dev.interlock.spi.ScratchDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.ExecutionContext;
import scala.concurrent.ExecutionContext$;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * The SparkContext of this JVM: Spark allows one. The first executor starts it, or takes the one
 * that is there; further ones share it; the last one stops it, if it was started here.
 *
 * <p><b>Concurrency.</b> The class's monitor guards who has it, and is held while it starts and
 * stops: whoever comes meanwhile waits. What executors do with it needs no lock.
 */
final class SharedContext {
  private static final Logger log = LoggerFactory.getLogger(SharedContext.class);

  /** What Spark adds to a message that launches a task: its properties, and names of jars. */
  private static final long ENVELOPE_BYTES = 256 << 10;

  private static final String SPECULATION = "spark.speculation";

  private static final ExecutionContext HERE =
      ExecutionContext$.MODULE$.fromExecutor(Runnable::run);

  private static final Map<String, SparkExecutor> executors = new ConcurrentHashMap<>();
  private static final AtomicLong numbers = new AtomicLong();

  private static @Nullable SharedContext current;

  private final SparkContext spark;
  private final @Nullable StartedContext started;
  private final SparkEvents events = new SparkEvents(this);
  private final boolean local;
  private final long mostBytes;
  private final boolean channel;
  private int users;
  private volatile int slots;

  private SharedContext(SparkContext spark, @Nullable StartedContext started) {
    this.spark = spark;
    this.started = started;
    this.local = SparkOptions.isLocal(spark.master());
    this.mostBytes =
        (spark.conf().getSizeAsMb("spark.rpc.message.maxSize", "128") << 20) - ENVELOPE_BYTES;
    this.channel =
        Splitter.on(',')
            .trimResults()
            .splitToList(spark.conf().get("spark.plugins", ""))
            .contains(InterlockPlugin.class.getName());
    this.slots = countSlots();
    spark.addSparkListener(events);
  }

  /**
   * The context, for one more executor, which calls {@link #release} once.
   *
   * @throws ConfigurationException if there is one that is another than the options ask for
   * @throws IllegalStateException if none can be started
   */
  static synchronized SharedContext acquire(ExecutorSettings settings, SparkOptions options) {
    SharedContext shared = current;
    if (shared != null && shared.spark.isStopped()) {
      shared = null;
    }
    if (shared == null) {
      SparkContext active = SparkOptions.active();
      if (active == null) {
        refuseSpeculation(options.conf().get(SPECULATION));
        StartedContext started = StartedContext.start(settings, options);
        shared = new SharedContext(started.spark(), started);
      } else {
        refuseOther(active.master(), options);
        refuseSpeculation(active.conf().get(SPECULATION, null));
        ShippedJars jars = ShippedJars.find(options);
        if (!SparkOptions.isLocal(active.master())) {
          jars.addTo(active);
        }
        shared = new SharedContext(active, null);
      }
      current = shared;
    } else {
      shared.refuseDifferent(options);
      sweep();
    }
    shared.users++;
    return shared;
  }

  /** What starts a context does it besides. */
  private static void sweep() {
    try {
      ScratchDirectory.sweep();
    } catch (IOException e) {
      log.debug("What dead processes left stays for now", e);
    }
  }

  private void refuseDifferent(SparkOptions options) {
    if (started == null) {
      refuseOther(spark.master(), options);
    } else if (!started.isLike(options)) {
      throw new ConfigurationException(
          "This JVM has a SparkContext already, which another executor of Interlock has started with"
              + " other settings ("
              + started.describe()
              + "), and Spark allows one. Give both executors the same interlock.spark.master, conf"
              + " and jars, or close the other one first.",
          null);
    }
  }

  /** A copy of a running task would carry nothing, end at once, and have the first one killed. */
  private static void refuseSpeculation(@Nullable String chosen) {
    if (Boolean.parseBoolean(chosen)) {
      throw new ConfigurationException(
          SPECULATION
              + " is "
              + chosen
              + ", but the strategy spark launches each attempt at a task once. Set it to false;"
              + " tasks of lost executors run again without it.",
          null);
    }
  }

  private static void refuseOther(String master, SparkOptions options) {
    if (options.master() != null && !options.master().equals(master)) {
      throw new ConfigurationException(
          "interlock.spark.master is '"
              + options.master()
              + "' ("
              + options.masterOrigin()
              + "), but this JVM has a SparkContext already, whose master is "
              + master
              + ", and Spark allows one. Leave interlock.spark.master out to use that one, or stop it"
              + " first.",
          null);
    }
  }

  /** An executor does not need it any more. */
  void release() {
    synchronized (SharedContext.class) {
      if (--users > 0) {
        return;
      }
      if (current == this) {
        current = null;
      }
      if (!spark.isStopped()) {
        spark.removeSparkListener(events);
      }
      if (started != null) {
        started.stop();
      }
    }
  }

  String nextPoolId() {
    return spark.applicationId() + "-" + numbers.incrementAndGet();
  }

  void add(SparkExecutor executor) {
    executors.put(executor.spec().id(), executor);
  }

  void remove(SparkExecutor executor) {
    executors.remove(executor.spec().id());
  }

  /** The executor with that {@link PoolSpec#id()}; null if it is closed. */
  static @Nullable SparkExecutor executor(String id) {
    return executors.get(id);
  }

  boolean isLocal() {
    return local;
  }

  Set<Capability> capabilities() {
    return local ? SparkProvider.LOCAL : SparkProvider.CLUSTER;
  }

  /** Whether executors can tell the driver something while a task runs. */
  boolean hasChannel() {
    return channel;
  }

  /** How long the capsule of a task may be. */
  long mostBytes() {
    return mostBytes;
  }

  /** How many tasks Spark runs at a time, as far as is known. */
  int slots() {
    return slots;
  }

  private int countSlots() {
    return local ? localThreads(spark.master()) : cores(spark);
  }

  private static int localThreads(String master) {
    if (!master.startsWith("local[")) {
      return 1;
    }
    String threads = master.substring(6).split("[,\\]]", 2)[0].strip();
    return threads.equals("*")
        ? Runtime.getRuntime().availableProcessors()
        : Integer.parseInt(threads);
  }

  /** The cores of the executors that have registered. */
  static int cores(SparkContext spark) {
    return CollectionConverters.asJava(spark.statusStore().executorList(true)).stream()
        .filter(executor -> !executor.id().equals("driver"))
        .mapToInt(ExecutorSummary::totalCores)
        .sum();
  }

  void executorLost(String executorId) {
    executors.values().forEach(executor -> executor.executorLost(executorId));
  }

  /** Once more executors may have come. */
  void executorAdded() {
    slots = Math.max(slots, countSlots());
  }

  void applicationEnded() {
    IllegalStateException cause =
        new IllegalStateException("the SparkContext was stopped, or has lost its cluster");
    executors.values().stream()
        .filter(executor -> executor.context() == this)
        .forEach(executor -> executor.sparkEnded(cause));
  }

  /** Ends a Spark task. */
  void kill(long sparkTaskId, String reason) {
    if (!spark.isStopped()) {
      boolean known = spark.killTaskAttempt(sparkTaskId, true, reason);
      log.debug("Spark task {}: {}, known: {}", sparkTaskId, reason, known);
    }
  }

  /** The last lines of an executor's standard error, perhaps none. Waits for its machine. */
  String stderrOf(String executorId) {
    return spark.isStopped() ? "" : ExecutorLogs.stderr(spark, executorId);
  }

  /** Gives parcels to Spark as one job. Not from several threads at a time. */
  void submit(SparkExecutor executor, List<Parcel> parcels) {
    Job job = new Job("interlock-" + numbers.incrementAndGet(), executor, parcels);
    events.expect(job);
    spark.setLocalProperty(Job.PROPERTY, job.id());
    spark.setLocalProperty("spark.scheduler.pool", parcels.get(0).lane().pool());
    spark.setLocalProperty(
        "spark.job.description", executor.name() + ": " + parcels.size() + " tasks");
    try {
      Partition[] partitions =
          IntStream.range(0, parcels.size())
              .mapToObj(index -> new TaskPartition(index, parcels.get(index)))
              .toArray(Partition[]::new);
      List<Object> all =
          IntStream.range(0, partitions.length).mapToObj(index -> (Object) index).toList();
      spark
          .submitJob(
              new TaskRdd(spark, executor.spec(), partitions),
              new FirstElement(),
              CollectionConverters.asScala(all).toSeq(),
              new AbstractFunction2<Object, byte[], BoxedUnit>() {
                @Override
                public BoxedUnit apply(Object index, byte[] answer) {
                  parcels.get((Integer) index).result(answer);
                  return BoxedUnit.UNIT;
                }
              },
              new AbstractFunction0<BoxedUnit>() {
                @Override
                public BoxedUnit apply() {
                  return BoxedUnit.UNIT;
                }
              })
          .onComplete(
              new AbstractFunction1<Try<BoxedUnit>, BoxedUnit>() {
                @Override
                public BoxedUnit apply(Try<BoxedUnit> end) {
                  if (end.isFailure()) {
                    job.failed(end.failed().get());
                  }
                  return BoxedUnit.UNIT;
                }
              },
              HERE);
    } catch (RuntimeException | Error e) { // stopped meanwhile, say
      events.forget(job);
      job.failed(e);
    }
  }

  /** Brings bytes to executors, once to each; Spark forgets them when the result is garbage. */
  Broadcast<byte[]> broadcast(byte[] bytes) {
    return spark.broadcast(bytes, ClassTag$.MODULE$.apply(byte[].class));
  }

  /** Whether this process is an executor of Spark's, where no SparkContext can be. */
  static boolean isInExecutor() {
    SparkEnv env = SparkEnv.get();
    return env != null && !env.executorId().equals("driver");
  }
}
