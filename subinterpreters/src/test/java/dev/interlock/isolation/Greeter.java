// SPDX-License-Identifier: Apache-2.0
package dev.interlock.isolation;

/** A service with one provider. */
public interface Greeter {
  String greeting();

  /** Named in {@code META-INF/services}. */
  final class English implements Greeter {
    @Override
    public String greeting() {
      return "hello";
    }
  }
}
