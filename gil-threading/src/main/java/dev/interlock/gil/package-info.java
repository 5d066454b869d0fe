// SPDX-License-Identifier: Apache-2.0
/**
 * Threads under one interpreter lock, after CPython's {@code ceval_gil.c}.
 *
 * <p>{@link dev.interlock.gil.Gil} is the lock as a program sees it. In comments, <i>holder</i> is
 * the thread that has the lock, a <i>drop request</i> asks the holder to drop it at its next check
 * of the <i>eval breaker</i>, and a <i>forced</i> drop hands it directly to the longest waiter.
 */
@NullMarked
package dev.interlock.gil;

import org.jspecify.annotations.NullMarked;
