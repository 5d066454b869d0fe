// SPDX-License-Identifier: Apache-2.0
/** A small program to run on a cluster; {@code examples/spark/files} starts one and runs it. */
@NullMarked
package dev.interlock.examples.spark;

import org.jspecify.annotations.NullMarked;
