// SPDX-License-Identifier: Apache-2.0
/** The API: open an executor, submit tasks, wait for their results. */
@NullMarked
package dev.interlock;

import org.jspecify.annotations.NullMarked;
