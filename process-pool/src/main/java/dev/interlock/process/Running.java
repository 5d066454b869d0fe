// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * What a child runs, or runs next.
 *
 * @param task the task
 * @param begun whether it is known to have begun
 * @param sinceNs when that became known; else when it was sent, or when it was seen that the task
 *     before it had ended; by {@link System#nanoTime}
 */
record Running(Assignment task, boolean begun, long sinceNs) {}
