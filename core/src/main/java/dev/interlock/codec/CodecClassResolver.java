// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.esotericsoftware.kryo.kryo5.Registration;
import com.esotericsoftware.kryo.kryo5.io.Output;
import com.esotericsoftware.kryo.kryo5.util.DefaultClassResolver;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Kryo's class resolver with two differences: names are resolved by {@link ClassNames} alone, and a
 * class that has an alias is written as its alias.
 */
@SuppressWarnings("rawtypes") // Kryo's signatures.
final class CodecClassResolver extends DefaultClassResolver {
  private final ClassNames names;
  private final IdentityHashMap<Class<?>, Registration> byAlias = new IdentityHashMap<>();

  CodecClassResolver(ClassNames names) {
    this.names = names;
  }

  @Override
  public @Nullable Registration getRegistration(Class type) {
    Registration registration = super.getRegistration(type);
    return registration != null ? registration : byAlias.get(type);
  }

  void alias(Class<?> type, Registration registration) {
    byAlias.put(type, registration);
  }

  @Override
  protected void writeName(Output output, Class type, Registration registration) {
    super.writeName(output, registration.getType(), registration);
  }

  @Override
  protected Class getTypeByName(String className) {
    return names.resolve(className);
  }
}
