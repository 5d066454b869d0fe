// SPDX-License-Identifier: Apache-2.0
/** The increment experiment: how often an unprotected {@code num++} goes wrong. */
@NullMarked
package dev.interlock.examples.increment;

import org.jspecify.annotations.NullMarked;
