// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.interlock.NotShareableException;
import dev.interlock.UndecodableException;
import dev.interlock.codec.Samples.Node;
import dev.interlock.codec.Samples.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;

class GraphTest {
  private final TaskCodec codec = new TaskCodec(GraphTest.class.getClassLoader());

  @SuppressWarnings("unchecked")
  private <T> T roundTrip(T value) {
    return (T) codec.decode(codec.encode(value));
  }

  @Test
  void cyclesThroughObjectsArraysCollectionsAndMaps() {
    Node node = new Node();
    node.next = new Node();
    node.next.next = node;
    node.named.put("self", node);
    Node back = roundTrip(node);
    assertThat(back.next.next).isSameAs(back);
    assertThat(back.more[0]).isSameAs(back);
    assertThat(back.named.get("self")).isSameAs(back);

    List<Object> list = new ArrayList<>();
    list.add(list);
    List<Object> listBack = roundTrip(list);
    assertThat(listBack.get(0)).isSameAs(listBack);

    Map<Object, Object> map = new HashMap<>();
    map.put("m", Arrays.asList(map, null));
    Map<Object, Object> mapBack = roundTrip(map);
    assertThat(((List<?>) mapBack.get("m")).get(0)).isSameAs(mapBack);

    AtomicReference<Object> reference = new AtomicReference<>();
    reference.set(reference);
    assertThat(roundTrip(reference)).satisfies(back2 -> assertThat(back2.get()).isSameAs(back2));
  }

  @Test
  void sharedReferencesStayShared() {
    List<Integer> shared = new ArrayList<>(List.of(1));
    String text = "text";
    Object[] back =
        roundTrip(new Object[] {shared, new Pair<>(shared, List.of(shared)), text, text});
    assertThat(((Pair<?, ?>) back[1]).first()).isSameAs(back[0]);
    assertThat(((List<?>) ((Pair<?, ?>) back[1]).second()).get(0)).isSameAs(back[0]);
    assertThat(back[2]).isSameAs(back[3]);
    List<Integer> immutable = List.of(1, 2);
    Object[] twice = roundTrip(new Object[] {immutable, immutable});
    assertThat(twice[0]).isSameAs(twice[1]);
  }

  @Test
  void cycleThroughARecordIsRefusedRatherThanBroken() {
    List<Object> list = new ArrayList<>();
    list.add(new Pair<>(list, "b"));
    Pair<Object, Object> inList = new Pair<>(new ArrayList<>(), 1);
    assertThat(((List<?>) roundTrip(list)).get(0))
        .as("the cycle may be entered at the list, but it passes the record")
        .isNotNull();
    @SuppressWarnings("unchecked")
    List<Object> first = (List<Object>) inList.first();
    first.add(inList);
    assertThatThrownBy(() -> codec.encode(inList))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("break the cycle")
        .extracting(e -> ((NotShareableException) e).path())
        .isEqualTo("Samples.Pair.first[0]: dev.interlock.codec.Samples$Pair");
    List<Object> inner = new ArrayList<>();
    List<Object> wrapped = Collections.unmodifiableList(inner);
    inner.add(wrapped);
    assertThatThrownBy(() -> codec.encode(wrapped)).isInstanceOf(NotShareableException.class);
  }

  @Test
  void tooDeepAGraphIsRefused() {
    Node first = new Node();
    for (int i = 0; i < 200_000; i++) {
      Node node = new Node();
      node.more = null;
      node.next = first;
      first = node;
    }
    Node deep = first;
    assertThatThrownBy(() -> codec.encode(deep))
        .isInstanceOf(NotShareableException.class)
        .hasMessageContaining("too deeply");
    assertThat(roundTrip("usable after it")).isEqualTo("usable after it");
  }

  @Test
  void tooDeepForTheDecodingThread() throws Exception {
    Node first = new Node();
    for (int i = 0; i < 20_000; i++) {
      Node node = new Node();
      node.more = null;
      node.next = first;
      first = node;
    }
    Node deep = first;
    byte[] bytes = onStack(512 << 20, () -> codec.encode(deep));
    assertThatThrownBy(() -> onStack(256 << 10, () -> codec.decode(bytes)))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining("too deeply");
  }

  private static <T> T onStack(long stackBytes, Callable<T> body) throws Exception {
    AtomicReference<T> result = new AtomicReference<>();
    AtomicReference<Exception> failure = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result.set(body.call());
              } catch (Exception e) {
                failure.set(e);
              }
            },
            "deep",
            stackBytes);
    thread.start();
    thread.join();
    if (failure.get() != null) {
      throw failure.get();
    }
    return result.get();
  }

  static class Guarded {
    final ReentrantLock lock = new ReentrantLock(true);
    final ReentrantReadWriteLock readWrite = new ReentrantReadWriteLock();
    final Object monitor = new Object();
  }

  @Test
  void idleLocksCrossAndHeldOnesDoNot() {
    Guarded guarded = new Guarded();
    assertThat(roundTrip(guarded).lock.isFair()).isTrue();
    guarded.lock.lock();
    try {
      assertThatThrownBy(() -> codec.encode(guarded))
          .isInstanceOf(NotShareableException.class)
          .hasMessageContaining("GraphTest.Guarded.lock: " + ReentrantLock.class.getName());
    } finally {
      guarded.lock.unlock();
    }
    guarded.readWrite.readLock().lock();
    try {
      assertThatThrownBy(() -> codec.encode(guarded)).hasMessageContaining("Guarded.readWrite");
    } finally {
      guarded.readWrite.readLock().unlock();
    }
  }

  @Test
  void manyThreadsShareOneCodec() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int seed = i;
        tasks.add(
            () -> {
              int equal = 0;
              for (int n = 0; n < 500; n++) {
                Object value = List.of(new Pair<>(seed, n), new int[] {n}.length, "text" + n);
                equal += roundTrip(value).equals(value) ? 1 : 0;
                if (n % 50 == 0) { // Failures must not disturb the others.
                  try {
                    codec.encode(new Object[] {value, threads});
                  } catch (NotShareableException e) {
                    equal++;
                  }
                }
              }
              return equal;
            });
      }
      for (var future : threads.invokeAll(tasks)) {
        assertThat(future.get()).isEqualTo(510);
      }
    } finally {
      threads.shutdown();
    }
  }
}
