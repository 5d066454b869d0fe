// SPDX-License-Identifier: Apache-2.0
package dev.interlock.codec;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Lists;
import java.io.Externalizable;
import java.io.IOException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Classes of every make that cross. */
@SuppressWarnings({"HidingField", "ArrayRecordComponent", "ClassCanBeStatic"}) // That is the point.
final class Samples {
  private Samples() {}

  static final List<Object> GUAVA =
      List.of(
          ImmutableList.of(),
          ImmutableList.of("a", 1, 2L),
          ImmutableSet.of("a"),
          ImmutableSet.of("a", "b", "c"),
          ImmutableMap.of("a", new Point(1, 2), "b", new Point(3, 4)),
          ImmutableSortedMap.of("b", 2, "a", 1),
          Lists.partition(new ArrayList<>(List.of(1, 2, 3, 4, 5)), 2));

  /** Not serializable, no constructor without parameters. */
  static class Point {
    final int x;
    private final long y;

    Point(int x, long y) {
      this.x = x;
      this.y = y;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Point point && point.x == x && point.y == y;
    }

    @Override
    public int hashCode() {
      return Objects.hash(x, y);
    }
  }

  /** A field of the same name as its superclass's. */
  static class Labelled extends Point {
    final String x;
    transient String cache = "not written";
    public int[] publicArray = {1, 2};
    public String publicText = "text";

    Labelled(String label) {
      super(7, 8);
      this.x = label;
    }

    int superX() {
      return super.x;
    }
  }

  static class AllFieldTypes {
    boolean z = true;
    byte b = -1;
    char c = 'é';
    short s = -300;
    int i = Integer.MIN_VALUE;
    long l = Long.MIN_VALUE;
    float f = Float.MIN_VALUE;
    double d = -0.5;
    Integer boxed = 5;
    Integer nullBoxed;
    Object object = "object";
    String text = "text";
    Colour colour = Colour.GREEN;
    Shape shape = Shape.ROUND;
    Optional<String> optional = Optional.of("x");
    List<Point> points = List.of(new Point(1, 1));
    Class<?> type = String.class;
  }

  record Pair<A, B>(A first, B second) {}

  record Everything(
      boolean z, byte b, char c, short s, int i, long l, float f, double d, String t, int[] a) {
    @Override
    public boolean equals(Object o) {
      return o instanceof Everything e && toString().equals(e.toString());
    }

    @Override
    public int hashCode() {
      return i;
    }

    @Override
    public String toString() {
      return z + " " + b + c + s + i + l + f + d + t + List.of(a[0], a.length);
    }
  }

  /** Its accessor returns something else than its field. */
  record Shouting(String word) {
    @Override
    public String word() {
      return word + "!";
    }
  }

  record Positive(int number) {
    Positive {
      if (number <= 0) {
        throw new IllegalArgumentException("number");
      }
    }
  }

  enum Colour {
    RED,
    GREEN
  }

  enum Shape {
    ROUND {
      @Override
      int corners() {
        return 0;
      }
    },
    SQUARE {
      @Override
      int corners() {
        return 4;
      }
    };

    abstract int corners();
  }

  enum Nothing {}

  static final class Singleton implements Serializable {
    static final Singleton INSTANCE = new Singleton();

    private Singleton() {}

    private Object readResolve() {
      return INSTANCE;
    }
  }

  static final class Replaced implements Serializable {
    final transient String text;

    Replaced(String text) {
      this.text = text;
    }

    private Object writeReplace() {
      return new Form(text);
    }

    private record Form(String text) implements Serializable {
      private Object readResolve() {
        return new Replaced(text);
      }
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Replaced replaced && replaced.text.equals(text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }
  }

  static final class SelfWritten implements Serializable {
    private transient String text;

    SelfWritten(String text) {
      this.text = text;
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
      out.writeUTF(text);
    }

    private void readObject(ObjectInputStream in) throws IOException {
      text = in.readUTF();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof SelfWritten written && written.text.equals(text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }
  }

  public static final class External implements Externalizable {
    private String text = "";

    public External() {}

    External(String text) {
      this.text = text;
    }

    @Override
    public void writeExternal(ObjectOutput out) throws IOException {
      out.writeUTF(text);
    }

    @Override
    public void readExternal(ObjectInput in) throws IOException {
      text = in.readUTF();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof External external && external.text.equals(text);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }
  }

  /** A JDK list with a field of its own. */
  static class TaggedList extends ArrayList<String> {
    final String tag;

    TaggedList(String tag) {
      this.tag = tag;
    }
  }

  static class PlainMap extends HashMap<String, Point> {}

  /** Built on AbstractList: its content is in its own field. */
  static class Squares extends AbstractList<Integer> {
    private final int size;

    Squares(int size) {
      this.size = size;
    }

    @Override
    public Integer get(int index) {
      return Objects.checkIndex(index, size) * index;
    }

    @Override
    public int size() {
      return size;
    }
  }

  static class Node {
    Node next;
    Object[] more = {this};
    Map<String, Node> named = new HashMap<>();
  }

  class Inner {
    int value = 3;
  }

  static Object local(int captured) {
    class Local {
      int get() {
        return captured;
      }

      @Override
      public boolean equals(Object other) {
        return other instanceof Local local && local.get() == get();
      }

      @Override
      public int hashCode() {
        return get();
      }
    }
    return new Local();
  }

  static Object localRecord(int number) {
    record Local(int number, List<String> names) {}
    return new Local(number, List.of("x"));
  }

  static Inner inner() {
    return new Samples().new Inner();
  }
}
