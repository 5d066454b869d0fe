// SPDX-License-Identifier: Apache-2.0
/** Configuration: where values come from, which keys exist, and errors that say what is allowed. */
@NullMarked
package dev.interlock.config;

import org.jspecify.annotations.NullMarked;
