// SPDX-License-Identifier: Apache-2.0
/**
 * What keeps the classes of a closed interpreter in memory, and its cure. Internal: nothing here is
 * for users.
 */
@NullMarked
package dev.interlock.subinterpreter.unload;

import org.jspecify.annotations.NullMarked;
