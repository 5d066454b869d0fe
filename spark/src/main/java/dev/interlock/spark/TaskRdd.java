// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.immutable.Nil$;
import scala.collection.immutable.Seq;
import scala.reflect.ClassTag$;

/** Tasks as Spark knows them: a partition each, whose only element is the {@link Answer}. */
final class TaskRdd extends RDD<byte[]> {
  private static final long serialVersionUID = 1L;

  private final PoolSpec pool;
  private final transient Partition[] parcels;

  @SuppressWarnings("unchecked") // the empty list is one of anything
  TaskRdd(SparkContext context, PoolSpec pool, Partition[] parcels) {
    super(
        context,
        (Seq<Dependency<?>>) (Seq<?>) Nil$.MODULE$,
        ClassTag$.MODULE$.<byte[]>apply(byte[].class));
    this.pool = pool;
    this.parcels = parcels;
  }

  /** On the driver. */
  @Override
  public Partition[] getPartitions() {
    return parcels.clone();
  }

  /** In an executor. */
  @Override
  public Iterator<byte[]> compute(Partition split, TaskContext context) {
    byte[] answer = RemoteWorker.run(pool, ((TaskPartition) split).content(), context);
    return scala.collection.Iterator$.MODULE$.<byte[]>single(answer);
  }
}
