// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples;

import java.net.URI;
import java.nio.file.Path;

/**
 * What a task set finds when its inputs are made. Immutable.
 *
 * @param input the directory given with {@code --input}
 * @param server the loopback server: {@code GET /item/7?ms=50-150} answers with a text that depends
 *     on the number alone, after 50 to 150 ms, which depend on the number alone as well
 * @param quick whether a run should be short
 */
public record TaskSetting(Path input, URI server, boolean quick) {}
