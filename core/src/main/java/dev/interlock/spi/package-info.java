// SPDX-License-Identifier: Apache-2.0
/**
 * What a strategy is built from: its provider, the executor it extends, the run of one task, and
 * the scope of a worker.
 */
@NullMarked
package dev.interlock.spi;

import org.jspecify.annotations.NullMarked;
