// SPDX-License-Identifier: Apache-2.0
/** Small programs about threads on shared memory and no lock. */
@NullMarked
package dev.interlock.examples.threads;

import org.jspecify.annotations.NullMarked;
