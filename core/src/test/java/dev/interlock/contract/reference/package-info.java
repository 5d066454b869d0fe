// SPDX-License-Identifier: Apache-2.0
/**
 * An executor that keeps the contract in the simplest way there is, and shows that the contract can
 * be kept without any of the strategies.
 */
package dev.interlock.contract.reference;
