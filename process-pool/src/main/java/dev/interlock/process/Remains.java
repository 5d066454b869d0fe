// SPDX-License-Identifier: Apache-2.0
package dev.interlock.process;

import java.util.List;

/**
 * What was in flight when a child ended, oldest first.
 *
 * @param lost what may have been started
 * @param unread what the child cannot have read whole
 * @param unstarted what is known not to have been started
 */
record Remains(List<Assignment> lost, List<Assignment> unread, List<Assignment> unstarted) {}
