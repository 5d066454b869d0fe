// SPDX-License-Identifier: Apache-2.0
/** Executors that break the contract, each in one way, to show that the contract notices. */
package dev.interlock.contract.bad;
