// SPDX-License-Identifier: Apache-2.0
package dev.interlock.subinterpreter.unload;

import java.security.Provider;
import java.security.Security;
import java.util.function.Consumer;

/** Removes the security providers of the loader. */
final class ProviderCure implements Cure {
  @Override
  public void apply(UnloadableLoader loader, Consumer<String> left) {
    if (!loader.hasLinkedTo("java.security.Provider")) {
      return;
    }
    for (Provider provider : Security.getProviders()) {
      if (loader.defined(provider)) {
        Security.removeProvider(provider.getName());
      }
    }
  }

  @Override
  public String toString() {
    return "security providers";
  }
}
