// SPDX-License-Identifier: Apache-2.0
/** The program that the README shows. */
@NullMarked
package dev.interlock.examples.readme;

import org.jspecify.annotations.NullMarked;
