// SPDX-License-Identifier: Apache-2.0
/** The interlock command, and what a user's own task set implements. */
@NullMarked
package dev.interlock.examples;

import org.jspecify.annotations.NullMarked;
