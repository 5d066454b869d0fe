// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Callable} that can cross an isolation boundary.
 *
 * <p>Because it is {@link Serializable}, javac makes every lambda or method reference that is
 * passed as a {@code Task} serializable. {@link TaskExecutor#submit(Task)} is more specific than
 * {@link TaskExecutor#submit(Callable)}, so {@code executor.submit(() -> crunch(n))} needs no cast.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface Task<T extends @Nullable Object> extends Callable<T>, Serializable {}
