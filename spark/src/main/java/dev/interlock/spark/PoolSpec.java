// SPDX-License-Identifier: Apache-2.0
package dev.interlock.spark;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What an executor of Spark knows of an executor of ours.
 *
 * @param id tells it from others of all processes
 * @param name for messages
 * @param initializer the encoded worker initializer, if there is one
 * @param killAfterMs so long after an interrupt a task takes its executor down; 0 where that is the
 *     driver, which never goes down
 * @param forwardsOutput whether somebody listens to what tasks print
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record PoolSpec(
    String id, String name, byte @Nullable [] initializer, long killAfterMs, boolean forwardsOutput)
    implements Serializable {}
