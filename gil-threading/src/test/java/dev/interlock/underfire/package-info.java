// SPDX-License-Identifier: Apache-2.0
/** Instrumented task code in every situation in which a lock could be lost or a thread hang. */
package dev.interlock.underfire;
