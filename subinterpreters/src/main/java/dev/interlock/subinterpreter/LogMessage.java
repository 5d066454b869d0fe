// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter;

import org.jspecify.annotations.Nullable;

/**
 * What was read from a {@link MessageLog}: the bytes, which went through the files, and the object
 * that was appended with them, which stayed in memory.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LogMessage(byte[] bytes, @Nullable Object attachment) {}
