// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The wrappers of {@code Collections.synchronized...}, around a new collection of the same order
 * and comparator, with a lock of its own.
 */
@SuppressWarnings("JdkObsolete") // LinkedList has a wrapper class of its own.
final class SynchronizedCollections {
  private SynchronizedCollections() {}

  static void register(CodecKryo kryo) {
    kryo.register(
        Collections.synchronizedCollection(new ArrayList<>()).getClass(),
        new CollectionSerializer(
            size -> Collections.synchronizedCollection(new ArrayList<>(size))));
    kryo.register(
        Collections.synchronizedList(new ArrayList<>()).getClass(),
        new CollectionSerializer(size -> Collections.synchronizedList(new ArrayList<>(size))));
    kryo.register(
        Collections.synchronizedList(new LinkedList<>()).getClass(),
        new CollectionSerializer(size -> Collections.synchronizedList(new LinkedList<>())));
    kryo.register(
        Collections.synchronizedSet(new LinkedHashSet<>()).getClass(),
        new CollectionSerializer(size -> Collections.synchronizedSet(new LinkedHashSet<>())));
    kryo.register(
        Collections.synchronizedMap(new LinkedHashMap<>()).getClass(),
        new MapSerializer(size -> Collections.synchronizedMap(new LinkedHashMap<>())));
    registerSorted(kryo);
  }

  private static void registerSorted(CodecKryo kryo) {
    kryo.register(
        Collections.synchronizedSortedSet(new TreeSet<>()).getClass(),
        new CollectionSerializer.Sorted(
            JdkCollections::comparator,
            comparator -> Collections.synchronizedSortedSet(new TreeSet<>(comparator))));
    kryo.register(
        Collections.synchronizedNavigableSet(new TreeSet<>()).getClass(),
        new CollectionSerializer.Sorted(
            JdkCollections::comparator,
            comparator -> Collections.synchronizedNavigableSet(new TreeSet<>(comparator))));
    kryo.register(
        Collections.synchronizedSortedMap(new TreeMap<>()).getClass(),
        new MapSerializer.Sorted(
            comparator -> Collections.synchronizedSortedMap(new TreeMap<>(comparator))));
    kryo.register(
        Collections.synchronizedNavigableMap(new TreeMap<>()).getClass(),
        new MapSerializer.Sorted(
            comparator -> Collections.synchronizedNavigableMap(new TreeMap<>(comparator))));
  }
}
