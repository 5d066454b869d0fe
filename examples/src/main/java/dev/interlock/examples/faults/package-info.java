// SPDX-License-Identifier: Apache-2.0
/**
 * The {@code faults} command: does to process-pool what tasks and machines do on bad days, and
 * shows what came of it.
 */
@NullMarked
package dev.interlock.examples.faults;

import org.jspecify.annotations.NullMarked;
