// SPDX-License-Identifier: Apache-2.0
package dev.interlock.gil;

/**
 * Makes a stack overflow happen before something begins that must not be cut off in the middle.
 *
 * <p>Between the first and the last step of releasing, handing over or waiting for the lock, a
 * {@link StackOverflowError} would leave the lock lost or somebody wrong about it. So before the
 * first step a chain of calls goes deeper than any of the steps does, and overflows in their place,
 * while nothing has been done yet. What is called later from the same frame then has room too.
 */
final class StackReserve {
  /** Each is some 200 bytes of stack where it is compiled, more where it is not. */
  private static final int CALLS_TO_SWITCH = 24;

  private static final int CALLS_TO_BLOCK = 48;

  /** Always zero, which the compiler does not know. */
  private static volatile long zero;

  private StackReserve() {}

  /**
   * Returns if there is room on the stack to hand the lock over and to wait for it.
   *
   * @throws StackOverflowError if not
   */
  static void toSwitch() {
    require(CALLS_TO_SWITCH);
  }

  /**
   * Returns if there is room on the stack to begin a blocking call, which may start a thread, and
   * to end it.
   *
   * @throws StackOverflowError if not
   */
  static void toBlock() {
    require(CALLS_TO_BLOCK);
  }

  private static void require(int calls) {
    long z = zero;
    if (descend(calls, z, z, z, z, z, z, z, z, z, z, z, z, z, z, z, z, z, z, z, z, z, z) != 0) {
      throw new AssertionError("a sum of zeros");
    }
  }

  /** Parameters beyond the first six are on the stack, in compiled code too. */
  private static long descend(
      int calls,
      long a,
      long b,
      long c,
      long d,
      long e,
      long f,
      long g,
      long h,
      long i,
      long j,
      long k,
      long l,
      long m,
      long n,
      long o,
      long p,
      long q,
      long r,
      long s,
      long t,
      long u,
      long v) {
    if (calls == 0) {
      return a + v;
    }
    return u + descend(calls - 1, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, a);
  }
}
