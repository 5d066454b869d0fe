// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;

/**
 * Classes that cross under another class's name: kinds of object whose own class is an accident
 * (lambdas, enum constants with bodies, the JDK's compact collections), and views of collections,
 * which arrive as plain copies.
 */
final class ClassAliases {
  private static final String IMMUTABLES = "java.util.ImmutableCollections$";

  private ClassAliases() {}

  /** The class under which {@code type} is written; {@code type} itself for most. */
  static Class<?> of(Class<?> type) {
    if (ClassKinds.isLambda(type)) {
      return LambdaSerializer.Lambda.class;
    }
    if (Throwable.class.isAssignableFrom(type)) {
      return Throwable.class;
    }
    if (Enum.class.isAssignableFrom(type)) {
      return type.isEnum() || type == Enum.class ? type : type.getSuperclass();
    }
    return ClassKinds.isJdk(type) && !Proxy.isProxyClass(type) ? ofJdkClass(type) : type;
  }

  private static Class<?> ofJdkClass(Class<?> type) {
    if (Collection.class.isAssignableFrom(type)) {
      return ofCollection(type);
    }
    if (Map.class.isAssignableFrom(type)) {
      return ofMap(type);
    }
    if (Map.Entry.class.isAssignableFrom(type)) {
      return AbstractMap.SimpleEntry.class;
    }
    if (ZoneId.class.isAssignableFrom(type)) {
      return type == ZoneOffset.class ? type : ZoneId.class;
    }
    if (Path.class.isAssignableFrom(type)) {
      return Path.class;
    }
    if (MappedByteBuffer.class.isAssignableFrom(type)) { // the superclass of all direct ones
      return ByteBuffer.class;
    }
    return Charset.class.isAssignableFrom(type) ? Charset.class : type;
  }

  private static Class<?> ofCollection(Class<?> type) {
    if (type.isInterface() || type.getName().startsWith(IMMUTABLES)) {
      return List.class.isAssignableFrom(type)
          ? WellKnownClasses.IMMUTABLE_LIST
          : WellKnownClasses.IMMUTABLE_SET;
    }
    if (EnumSet.class.isAssignableFrom(type)) {
      return EnumSet.class;
    }
    if (keepsItsClass(type)) {
      return type;
    }
    if (extendsUnmodifiable(type)) {
      return type.getSuperclass();
    }
    if (SortedSet.class.isAssignableFrom(type)) {
      return TreeSet.class;
    }
    return Set.class.isAssignableFrom(type) ? LinkedHashSet.class : ArrayList.class;
  }

  private static Class<?> ofMap(Class<?> type) {
    if (type.getName().startsWith(IMMUTABLES)) {
      return WellKnownClasses.IMMUTABLE_MAP;
    }
    if (keepsItsClass(type)) {
      return type;
    }
    if (extendsUnmodifiable(type)) {
      return type.getSuperclass();
    }
    return SortedMap.class.isAssignableFrom(type) ? TreeMap.class : LinkedHashMap.class;
  }

  /** The empty sorted collections are subclasses of the unmodifiable wrappers. */
  private static boolean extendsUnmodifiable(Class<?> type) {
    return type.getSuperclass() != null
        && type.getSuperclass().getName().startsWith("java.util.Collections$UnmodifiableNavigable");
  }

  private static boolean keepsItsClass(Class<?> type) {
    return ClassKinds.publicConstructor(type) != null
        || BlockingQueue.class.isAssignableFrom(type)
        || type.getName().equals("java.util.Collections$SetFromMap")
        || type.getName().equals("java.util.Collections$AsLIFOQueue");
  }
}
