// SPDX-License-Identifier: Apache-2.0
/** Puts the calls of the gate into class files. */
@NullMarked
package dev.interlock.gil.instrument;

import org.jspecify.annotations.NullMarked;
