// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.matrix;

import dev.interlock.examples.TaskSet;
import dev.interlock.spi.ExecutorProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What to measure; checked already.
 *
 * @param strategies the strategies, beside the sequential baseline
 * @param skipped strategies that cannot be measured, for the report
 * @param tasks the task sets, by the name under which the user gave them
 * @param quick whether the run should be short
 * @param input the directory with input files
 * @param workers how many workers; null for each strategy's default
 * @param config what stands in for {@code application.conf}; null for none
 * @param classPath what a user's task sets need
 * @param verbose whether to show what the tasks print, and figures of single threads
 */
public record MatrixRequest(
    List<ExecutorProvider> strategies,
    List<Skipped> skipped,
    Map<String, TaskSet<?, ?>> tasks,
    boolean quick,
    Path input,
    @Nullable Integer workers,
    @Nullable Path config,
    List<Path> classPath,
    boolean verbose) {}
