// SPDX-License-Identifier: Apache-2.0
/** One small program for each thing that interpreters can do, after PEP 734. */
@NullMarked
package dev.interlock.examples.interpreters;

import org.jspecify.annotations.NullMarked;
