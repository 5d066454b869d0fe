// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.util.List;

/**
 * Parcels that were given to Spark together.
 *
 * @param id how the listener knows it again
 * @param parcels by the number of their partition
 */
record Job(String id, SparkExecutor executor, List<Parcel> parcels) {
  /** The local property that carries the id. */
  static final String PROPERTY = "dev.interlock.job";

  void failed(Throwable why) {
    parcels.forEach(parcel -> parcel.jobFailed(why));
  }
}
