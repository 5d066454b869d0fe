// SPDX-License-Identifier: Apache-2.0
/** The task sets that come with the tool. */
@NullMarked
package dev.interlock.examples.tasks;

import org.jspecify.annotations.NullMarked;
