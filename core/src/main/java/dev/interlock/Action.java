// SPDX-License-Identifier: Apache-2.0
package dev.interlock;

import java.io.Serializable;

/** A {@link Runnable} that can cross an isolation boundary; {@link Task} without a result. */
@FunctionalInterface
public interface Action extends Runnable, Serializable {}
