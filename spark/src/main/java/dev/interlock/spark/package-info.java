// SPDX-License-Identifier: Apache-2.0
/** The strategy {@code spark}: tasks run on an Apache Spark cluster. */
@NullMarked
package dev.interlock.spark;

import org.jspecify.annotations.NullMarked;
