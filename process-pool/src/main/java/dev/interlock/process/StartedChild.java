// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * A child JVM that runs.
 *
 * @param process the child
 * @param end the way to it
 */
record StartedChild(ChildProcess process, ParentEnd end) {}
