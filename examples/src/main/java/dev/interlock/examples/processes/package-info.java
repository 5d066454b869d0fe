// SPDX-License-Identifier: Apache-2.0
/** One small program for each thing that only child JVMs can do. */
@NullMarked
package dev.interlock.examples.processes;

import org.jspecify.annotations.NullMarked;
