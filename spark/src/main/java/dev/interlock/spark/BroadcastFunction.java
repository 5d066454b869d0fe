// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import dev.interlock.TaskFunction;
import dev.interlock.codec.TaskCodec;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a function of {@code map} that is large. Executors fetch it once, from each other
 * as well as from the driver; each chunk decodes a copy of its own, as if it had come along.
 */
final class BroadcastFunction<A extends @Nullable Object, R extends @Nullable Object>
    implements TaskFunction<A, R> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<byte[]> encoded;
  private transient @Nullable TaskFunction<A, R> decoded;

  BroadcastFunction(Broadcast<byte[]> encoded) {
    this.encoded = encoded;
  }

  @Override
  public R apply(A item) throws Exception {
    TaskFunction<A, R> function = decoded;
    if (function == null) {
      function = decode();
      decoded = function;
    }
    return function.apply(item);
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // it was encoded from one
  private TaskFunction<A, R> decode() {
    TaskCodec codec = RemoteWorker.codec();
    return (TaskFunction<A, R>) codec.decode(encoded.value());
  }
}
