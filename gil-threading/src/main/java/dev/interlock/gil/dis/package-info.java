// SPDX-License-Identifier: Apache-2.0
/** A disassembler for tasks, after Python's {@code dis}. */
@NullMarked
package dev.interlock.gil.dis;

import org.jspecify.annotations.NullMarked;
