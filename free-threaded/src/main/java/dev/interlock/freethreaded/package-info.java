// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks on threads that share memory, with no lock between submit and result.
 *
 * <p>Memory orders, as the names of accessors and comments have them: <i>plain</i> is for what one
 * thread owns; <i>release</i> and <i>acquire</i> publish; <i>volatile</i> accesses and
 * compare-and-sets have one total order, which every argument about wake-ups rests on.
 */
@NullMarked
package dev.interlock.freethreaded;

import org.jspecify.annotations.NullMarked;
