// SPDX-License-Identifier: Apache-2.0
/**
 * The contract that every strategy keeps, as tests. A strategy's test extends {@link
 * dev.interlock.contract.ExecutorContract}; the groups are the letters of the contract, and the
 * number of a rule is in the name of each of its tests.
 */
package dev.interlock.contract;
