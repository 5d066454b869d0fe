// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

/**
 * How one interpreter lock behaves.
 *
 * @param policy when it changes hands although the holder could go on
 * @param switchIntervalNs how long a waiter waits before it asks
 * @param checkInterval how many bytecodes the holder runs, where these are counted
 * @param takeOver when it may be taken away from a thread that is blocked
 */
record LockSettings(
    SwitchPolicy policy, long switchIntervalNs, int checkInterval, TakeOverRule takeOver) {}
