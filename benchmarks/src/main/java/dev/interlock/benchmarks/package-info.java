// SPDX-License-Identifier: Apache-2.0
/** JMH benchmarks: each strategy, and the JDK's own executors in the same run. */
@NullMarked
package dev.interlock.benchmarks;

import org.jspecify.annotations.NullMarked;
