// SPDX-License-Identifier: Apache-2.0
/**
 * Tasks, arguments and results as bytes.
 *
 * <p>{@link dev.interlock.codec.TaskCodec} is the only public class. It pools {@code Coder}s; a
 * coder is one configured Kryo with its output and input. {@code SerializerChoice} says which
 * serializer a class gets, {@code ClassAliases} which classes cross as another class, {@code
 * RefusedTypes} what never crosses. A serializer reports what it cannot write as an {@code
 * EncodeRefusal}, to which every level on the way out adds its segment of the path: the path costs
 * nothing as long as nothing fails.
 */
@NullMarked
package dev.interlock.codec;

import org.jspecify.annotations.NullMarked;
