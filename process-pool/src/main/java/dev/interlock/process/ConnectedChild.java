// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

/**
 * A child JVM that has met this process and waits for its first frame.
 *
 * @param process the child
 * @param channels the way to it
 */
record ConnectedChild(ChildProcess process, Rendezvous.Channels channels) {}
