// SPDX-License-Identifier: Apache-2.0
/**
 * The Java agent: defines the gate, instruments classes as they are loaded, and the JDK's blocking
 * methods.
 */
@NullMarked
package dev.interlock.gil.agent;

import org.jspecify.annotations.NullMarked;
