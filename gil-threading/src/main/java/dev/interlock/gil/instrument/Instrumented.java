// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil.instrument;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a class.
 *
 * @param className its internal name
 * @param classFile the new class file; null where there was nothing to insert
 * @param nativeMethods its native methods, name and descriptor: they have no bytecode, so a thread
 *     keeps the lock in them
 * @param tooLarge methods that were left as they are, name and descriptor: they would have got
 *     longer than the 64 KiB that a method may have
 * @param insertions how much was inserted
 */
@SuppressWarnings("ArrayRecordComponent") // it is handed on to the JVM, and never compared
public record Instrumented(
    String className,
    byte @Nullable [] classFile,
    List<String> nativeMethods,
    List<String> tooLarge,
    Insertions insertions) {}
