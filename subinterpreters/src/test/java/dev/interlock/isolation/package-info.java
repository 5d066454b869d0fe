// SPDX-License-Identifier: Apache-2.0
/**
 * Tests as a user writes them, outside Interlock's packages: so each interpreter loads them anew.
 */
package dev.interlock.isolation;
