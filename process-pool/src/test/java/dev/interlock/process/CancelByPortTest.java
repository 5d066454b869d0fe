// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import org.junit.jupiter.api.extension.ExtendWith;

/** Cancelling, large frames and interrupts where parent and children talk by a loopback port. */
@ExtendWith(LongTemporaryPath.class)
class CancelByPortTest extends CancelTest {}
