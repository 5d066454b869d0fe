// SPDX-License-Identifier: Apache-2.0
package dev.interlock.examples.faults;

/**
 * What came of one fault.
 *
 * @param what in a few words
 * @param asPromised whether that is what the strategy promises
 * @param detail everything that is known, perhaps many lines
 */
public record FaultResult(String what, boolean asPromised, String detail) {}
