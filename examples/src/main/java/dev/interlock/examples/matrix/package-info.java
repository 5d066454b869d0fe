// SPDX-License-Identifier: Apache-2.0
/** The decision matrix: cells measured in JVMs of their own, advice drawn from them, reports. */
@NullMarked
package dev.interlock.examples.matrix;

import org.jspecify.annotations.NullMarked;
