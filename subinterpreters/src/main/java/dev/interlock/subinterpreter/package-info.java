// SPDX-License-Identifier: Apache-2.0

/**
 * Isolated interpreters in this process, joined by Chronicle-backed queues.
 *
 * <p>Chronicle Queue needs JVM flags; {@link dev.interlock.subinterpreter.ChronicleFlags} tells
 * which are missing.
 */
@NullMarked
package dev.interlock.subinterpreter;

import org.jspecify.annotations.NullMarked;
