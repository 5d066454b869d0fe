// SPDX-License-Identifier: Apache-2.0
/**
 * Where instrumented code and the interpreter lock meet: a class in {@code java.lang}, which every
 * class loader sees, and the way to it.
 */
@NullMarked
package dev.interlock.gil.gate;

import org.jspecify.annotations.NullMarked;
