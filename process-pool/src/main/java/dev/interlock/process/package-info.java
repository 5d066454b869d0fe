// SPDX-License-Identifier: Apache-2.0
/**
 * The strategy {@code process-pool}: each worker is a child JVM. {@link
 * dev.interlock.process.Worker} draws the data flow; {@code docs/process-pool.md} has the rest.
 */
@NullMarked
package dev.interlock.process;

import org.jspecify.annotations.NullMarked;
