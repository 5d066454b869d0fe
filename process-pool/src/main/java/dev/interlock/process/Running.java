// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * What a child runs.
 *
 * @param task the task
 * @param sinceNs when it was sent, or when it was seen that the task before it had ended, by {@link
 *     System#nanoTime}
 */
record Running(Assignment task, long sinceNs) {}
