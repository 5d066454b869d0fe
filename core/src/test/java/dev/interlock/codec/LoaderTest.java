// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.interlock.Task;
import dev.interlock.UndecodableException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class LoaderTest {
  static int counter;

  /** Has its own copies of this test's classes. */
  private static final class Isolated extends URLClassLoader {
    Isolated() {
      super(new URL[0], LoaderTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(LoaderTest.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  enum Mood {
    GOOD {}
  }

  record Note(String text, Mood mood) {}

  static class Holder implements java.io.Serializable {
    private static final long serialVersionUID = 1;
    int value = 3;
  }

  private static Task<Integer> counting(int step) {
    return () -> counter += step;
  }

  @Test
  void decodedClassesBelongToTheTarget() throws Exception {
    TaskCodec here = new TaskCodec(LoaderTest.class.getClassLoader());
    try (Isolated isolated = new Isolated()) {
      TaskCodec there = new TaskCodec(isolated);
      counter = 0;
      byte[] bytes = here.encode(counting(5));
      @SuppressWarnings("unchecked")
      Task<Integer> task = (Task<Integer>) there.decode(bytes);
      assertThat(task.getClass().getClassLoader()).isSameAs(isolated);
      assertThat(task.call()).isEqualTo(5);
      assertThat(task.call()).isEqualTo(10);
      assertThat(counter).as("the static here").isZero();

      List<Object> graph =
          List.of(new Note("n", Mood.GOOD), new Holder(), Note.class, new Note[1], Mood.GOOD);
      List<?> back = (List<?>) there.decode(here.encode(graph));
      assertThat(back.get(0).getClass().getClassLoader()).isSameAs(isolated);
      assertThat(back.get(1).getClass().getClassLoader()).isSameAs(isolated);
      assertThat(((Class<?>) back.get(2)).getClassLoader()).isSameAs(isolated);
      assertThat(back.get(3).getClass().getComponentType()).isSameAs(back.get(2));
      assertThat(there.encode(back)).isEqualTo(here.encode(graph));
      assertThat(here.decode(there.encode(back)).toString())
          .as("and the way back")
          .contains(graph.get(0).toString());
    }
  }

  @Test
  void javaSerializationUsesTheTargetToo() throws Exception {
    TaskCodec here = new TaskCodec(LoaderTest.class.getClassLoader());
    try (Isolated isolated = new Isolated()) {
      Comparator<Object> viaJdk =
          Comparator.comparing(
              (java.util.function.Function<Object, String> & java.io.Serializable)
                  LoaderTest::text);
      Object back = new TaskCodec(isolated).decode(here.encode(viaJdk));
      assertThat(back).isInstanceOf(Comparator.class);
      @SuppressWarnings("unchecked")
      Comparator<Object> comparator = (Comparator<Object>) back;
      assertThat(comparator.compare("a", "b")).isNegative();
    }
  }

  private static String text(Object value) {
    return value.toString();
  }

  @Test
  void contextLoaderIsNotAsked() {
    TaskCodec platform = new TaskCodec(ClassLoader.getPlatformClassLoader());
    byte[] bytes = new TaskCodec(LoaderTest.class.getClassLoader()).encode(new Holder());
    assertThat(Thread.currentThread().getContextClassLoader()).isNotNull();
    assertThatThrownBy(() -> platform.decode(bytes))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining(Holder.class.getName())
        .hasMessageContaining("class path");
  }

  @Test
  void predicateIsAskedBeforeTheClassIsLoaded() {
    TaskCodec open = new TaskCodec(LoaderTest.class.getClassLoader());
    Set<String> asked = ConcurrentHashMap.newKeySet();
    TaskCodec guarded =
        new TaskCodec(
            LoaderTest.class.getClassLoader(),
            name -> {
              asked.add(name);
              return !name.equals(Holder.class.getName())
                  && !name.equals("java.lang.invoke.SerializedLambda")
                  && !name.equals("java.io.ObjectInputStream");
            });
    assertThat(guarded.decode(open.encode(new ArrayList<>(List.of(1, "a"))))).isNotNull();
    assertThat(asked).isEmpty();
    assertThat(guarded.decode(open.encode(new Note("n", Mood.GOOD)))).isNotNull();
    assertThat(asked).contains(Note.class.getName(), Mood.class.getName());
    assertThatThrownBy(() -> guarded.decode(open.encode(new Holder[][] {{new Holder()}})))
        .isInstanceOf(UndecodableException.class)
        .hasMessageContaining(Holder.class.getName() + " is not allowed");
    assertThatThrownBy(() -> guarded.decode(open.encode(Holder.class)))
        .hasMessageContaining("is not allowed");
    assertThatThrownBy(() -> guarded.decode(open.encode(counting(1))))
        .hasMessageContaining("SerializedLambda is not allowed");
    assertThatThrownBy(() -> guarded.decode(open.encode(new java.util.Random(1))))
        .hasMessageContaining("ObjectInputStream is not allowed");
  }

  @Test
  void loaderIsCollectedWithItsCodec() throws Exception {
    WeakReference<ClassLoader> loader = useAndDrop();
    await()
        .untilAsserted(
            () -> {
              System.gc();
              assertThat(loader.get() == null).isTrue();
            });
  }

  /** All kinds of serializer meet a class of the loader, on this thread, which lives on. */
  private static WeakReference<ClassLoader> useAndDrop() throws IOException {
    TaskCodec here = new TaskCodec(LoaderTest.class.getClassLoader());
    try (Isolated isolated = new Isolated()) {
      TaskCodec there = new TaskCodec(isolated);
      Object graph =
          there.decode(
              here.encode(
                  List.of(
                      counting(1),
                      new Note("n", Mood.GOOD),
                      new Holder(),
                      new Failed(),
                      new EnumMap<>(Map.of(Mood.GOOD, 1)),
                      new EnumMap<>(Mood.class))));
      there.decode(there.encode(graph));
      return new WeakReference<>(isolated);
    }
  }

  static class Failed extends Exception {
    private static final long serialVersionUID = 1;
    final Holder holder = new Holder();
  }
}
