// SPDX-License-Identifier: Apache-2.0
/** A package that some tests share among interpreters. */
package dev.interlock.isolation.common;
