// SPDX-License-Identifier: Apache-2.0
/** The subcommands of the command line. */
@NullMarked
package dev.interlock.examples.command;

import org.jspecify.annotations.NullMarked;
