// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.spi.TaskLimits;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.spark.Partition;
import org.jspecify.annotations.Nullable;

/**
 * One Spark task. Spark serializes it on the driver each time it launches the task, at that very
 * moment: {@link #writeObject} takes what is to go, and so tasks begin when they are launched, and
 * what was cancelled before never leaves.
 */
final class TaskPartition implements Partition {
  private static final long serialVersionUID = 1L;

  private final int index;

  /** On the driver. */
  private final transient @Nullable Parcel parcel;

  /** In an executor. */
  private transient @Nullable List<Content> content;

  /** A task in an executor. */
  @SuppressWarnings("ArrayRecordComponent") // not compared
  record Content(long taskId, int attempt, Limits limits, byte[] capsule) {}

  /** The limits that the executor looks after; {@link TaskLimits#OFF} for none. */
  record Limits(long softNs, long hardNs, long progressNs) {}

  TaskPartition(int index, Parcel parcel) {
    this.index = index;
    this.parcel = parcel;
  }

  @Override
  public int index() {
    return index;
  }

  List<Content> content() {
    return Objects.requireNonNull(content, "not in an executor");
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
    List<Shipment> going = Objects.requireNonNull(parcel, "not on the driver").launch();
    out.writeInt(going.size());
    for (Shipment shipment : going) {
      byte[] capsule = shipment.run().capsule();
      out.writeLong(shipment.run().taskId());
      out.writeInt(shipment.attempt());
      TaskLimits limits = shipment.run().watch().limits();
      out.writeLong(limits.softNs());
      out.writeLong(limits.hardNs());
      out.writeLong(limits.progressNs());
      out.writeInt(capsule.length);
      out.write(capsule);
    }
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    int size = in.readInt();
    List<Content> read = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      long taskId = in.readLong();
      int attempt = in.readInt();
      Limits limits = new Limits(in.readLong(), in.readLong(), in.readLong());
      byte[] capsule = new byte[in.readInt()];
      in.readFully(capsule);
      read.add(new Content(taskId, attempt, limits, capsule));
    }
    content = read;
  }

  @Override
  public int hashCode() {
    return index;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }
}
