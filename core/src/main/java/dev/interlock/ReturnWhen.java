// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

/**
 * When {@link TaskFutures#await} returns; the names are those of {@code concurrent.futures.wait}.
 */
public enum ReturnWhen {
  /** As soon as one future is done. */
  FIRST_COMPLETED,
  /** As soon as one future has failed or been cancelled, or all are done. */
  FIRST_EXCEPTION,
  /** When all futures are done. */
  ALL_COMPLETED
}
