// SPDX-License-Identifier: Apache-2.0

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntBinaryOperator;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Code that is hard on whoever rewrites it. Each public static method without arguments is a case. */
public class Tricky {
  static int counter;
  static final Object LOCK = new Object();
  static final List<String> LOG = new ArrayList<>();

  static {
    for (int i = 0; i < 10; i++) {
      counter += i;
    }
    try {
      Integer.parseInt("none");
    } catch (NumberFormatException e) {
      counter++;
    }
  }

  // Constructors.

  static class Base {
    final String name;
    int calls;

    Base(String name) {
      this.name = name;
      calls += init();
    }

    int init() {
      return 1;
    }
  }

  static class Derived extends Base {
    int[] values = {1, 2, 3};
    int seen;

    Derived(boolean flag, int n) {
      super(flag ? "yes" + loop(n) : new StringBuilder().append(n > 3 ? "big" : "small").toString());
      synchronized (this) {
        seen = values.length;
      }
    }

    static int loop(int n) {
      int s = 0;
      for (int i = 0; i < n; i++) {
        s += i;
      }
      return s;
    }

    @Override
    int init() {
      return values == null ? 100 : 200;
    }

    class Inner {
      int outer() {
        return seen + calls;
      }
    }
  }

  public static String constructors() {
    Derived a = new Derived(true, 5);
    Derived b = new Derived(false, 5);
    Derived.Inner inner = a.new Inner();
    return a.name + b.name + a.calls + inner.outer() + new Base(new String("x") + new int[0].length).name;
  }

  public static String newInsideConditional() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 4; i++) {
      String s =
          new String(i % 2 == 0 ? new String("even") : i > 2 ? "three" : String.valueOf(new char[] {'o'}));
      all.append(new StringBuilder(s.isEmpty() ? "" : s).reverse());
    }
    return all.toString();
  }

  // Exceptions.

  static int finallyReturns(int i) {
    try {
      if (i == 0) {
        return 10;
      }
      if (i == 1) {
        throw new IllegalStateException("one");
      }
      counter++;
    } catch (IllegalStateException e) {
      return 20 + e.getMessage().length();
    } finally {
      LOG.add("finally" + i);
      if (i == 3) {
        return 99;
      }
    }
    return 30;
  }

  public static String exceptions() {
    LOG.clear();
    String s = "";
    for (int i = 0; i < 4; i++) {
      s += finallyReturns(i) + ",";
    }
    return s + LOG;
  }

  public static String nestedHandlers() {
    StringBuilder log = new StringBuilder();
    outer:
    for (int i = 0; ; i++) {
      try {
        try {
          if (i == 5) {
            break outer;
          }
          if (i % 2 == 0) {
            throw new IllegalArgumentException("a" + i);
          }
          int[] none = i == 3 ? null : new int[1];
          none[i] = 1;
        } catch (IllegalArgumentException e) {
          log.append(e.getMessage());
          if (i == 4) {
            throw new RuntimeException(e);
          }
          continue outer;
        } finally {
          log.append('f');
        }
      } catch (ArrayIndexOutOfBoundsException | NullPointerException e) {
        log.append(e.getClass().getSimpleName());
      } catch (RuntimeException e) {
        log.append("R");
      }
    }
    return log.toString();
  }

  static class Resource implements AutoCloseable {
    final String id;

    Resource(String id) {
      this.id = id;
    }

    @Override
    public void close() throws Exception {
      throw new Exception("close " + id);
    }
  }

  public static String suppressed() throws Exception {
    try (Resource a = new Resource("a");
        Resource b = new Resource("b")) {
      throw new Exception("body" + a.id + b.id);
    } catch (Exception e) {
      return e.getMessage() + Arrays.stream(e.getSuppressed()).map(Throwable::getMessage).toList();
    }
  }

  static int depth(int n) {
    return n < 0 ? depth(n) + 1 : n == 0 ? 0 : 1 + depth(n - 1);
  }

  public static String stackOverflow() {
    try {
      return "" + depth(-1);
    } catch (StackOverflowError e) {
      return "overflow" + depth(100);
    }
  }

  static class Failing {
    static int value = 7;

    static {
      if (counter >= 0) {
        for (int i = 0; i < 3; i++) {
          value += i;
        }
        throw new IllegalStateException("no class" + value);
      }
    }
  }

  public static String failingInitializer() {
    try {
      return "" + Failing.value;
    } catch (ExceptionInInitializerError e) {
      try {
        return "" + Failing.value;
      } catch (NoClassDefFoundError f) {
        return e.getCause().getMessage();
      }
    }
  }

  // Monitors.

  static synchronized int synchronizedStatic(int n) {
    for (int i = 0; i < n; i++) {
      counter++;
    }
    return counter;
  }

  public static String monitors() {
    counter = 0;
    String s = "" + synchronizedStatic(5);
    for (int i = 0; i < 3; i++) {
      try {
        synchronized (LOCK) {
          while (true) {
            counter++;
            synchronized (LOG) {
              if (counter > 10) {
                break;
              }
              if (counter == 9) {
                throw new IllegalStateException("in monitor");
              }
            }
          }
        }
      } catch (IllegalStateException e) {
        s += e.getMessage() + Thread.holdsLock(LOCK) + Thread.holdsLock(LOG);
      }
    }
    return s + counter + Thread.holdsLock(LOCK);
  }

  static String syncReturn(Object a) {
    synchronized (a) {
      try {
        synchronized (LOCK) {
          return "r" + Thread.holdsLock(a) + Thread.holdsLock(LOCK);
        }
      } finally {
        counter += Thread.holdsLock(LOCK) ? 1000 : 1;
      }
    }
  }

  public static String synchronizedReturn() {
    counter = 0;
    return syncReturn(new Object()) + counter;
  }

  public static String waits() throws Exception {
    Object lock = new Object();
    synchronized (lock) {
      lock.wait(1);
      lock.wait(1, 1);
    }
    Thread.sleep(1);
    Thread.sleep(0, 1);
    Callable<Object> reference =
        () -> {
          Sleep sleep = Thread::sleep;
          sleep.by(1);
          return "slept";
        };
    Wait wait = lock::wait;
    synchronized (lock) {
      wait.by(1);
    }
    try {
      lock.wait(1);
      return "?";
    } catch (IllegalMonitorStateException e) {
      return "" + reference.call();
    }
  }

  interface Sleep {
    void by(long ms) throws InterruptedException;
  }

  interface Wait {
    void by(long ms) throws InterruptedException;
  }

  public static String interrupted() {
    Thread.currentThread().interrupt();
    try {
      Thread.sleep(1000);
      return "?";
    } catch (InterruptedException e) {
      return "interrupted" + Thread.interrupted();
    }
  }

  // Lambdas, interfaces, records, enums.

  interface Named {
    String name();

    default String greet() {
      String s = "";
      for (int i = 0; i < 2; i++) {
        s += prefix() + name();
      }
      return s;
    }

    private String prefix() {
      return twice("hi ");
    }

    static String twice(String s) {
      return s + s;
    }
  }

  record Person(String name, int age) implements Named {
    Person {
      if (age < 0) {
        throw new IllegalArgumentException("age");
      }
    }
  }

  enum Color implements Named {
    RED {
      @Override
      public String greet() {
        return "red";
      }
    },
    GREEN;

    static final Map<String, Color> BY_NAME = new TreeMap<>();

    static {
      for (Color color : values()) {
        BY_NAME.put(color.name(), color);
      }
    }
  }

  public static String types() {
    Person p = new Person("ann", 7);
    String s = p.greet() + p + p.equals(new Person("ann", 7)) + (p.hashCode() == new Person("ann", 7).hashCode());
    for (Color c : Color.values()) {
      switch (c) {
        case RED -> s += c.greet();
        case GREEN -> s += c.ordinal() + c.greet();
      }
    }
    return s + Color.BY_NAME.keySet();
  }

  interface SerializableSupplier extends Supplier<String>, Serializable {}

  public static String lambdas() throws Exception {
    int[] captured = {3};
    long wide = 1L << 40;
    IntFunction<IntBinaryOperator> curried = x -> (y, z) -> x * y + z + captured[0] + (int) (wide >> 38);
    Supplier<String> reference = new Person("bob", 1)::greet;
    SerializableSupplier serializable = () -> "s" + captured[0];
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(serializable);
    }
    Object back;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())) {
          @Override
          protected Class<?> resolveClass(java.io.ObjectStreamClass c) throws ClassNotFoundException {
            return Class.forName(c.getName(), false, Tricky.class.getClassLoader());
          }
        }) {
      back = in.readObject();
    }
    return curried.apply(5).applyAsInt(6, 7)
        + reference.get()
        + ((SerializableSupplier) back).get()
        + IntStream.range(0, 5).mapToObj(i -> "n" + i).collect(Collectors.joining("|"));
  }

  public static String anonymous() {
    int base = 4;
    Object o =
        new Object() {
          int n = base * 2;

          {
            for (int i = 0; i < base; i++) {
              n += i;
            }
          }

          @Override
          public String toString() {
            return "anon" + n;
          }
        };
    return o.toString();
  }

  // Control flow.

  public static String switches() {
    StringBuilder s = new StringBuilder();
    for (String word : new String[] {"one", "two", "AaAa", "BBBB", "else"}) {
      switch (word) {
        case "one":
          s.append(1);
        case "two":
          s.append(2);
          break;
        case "AaAa":
          s.append('A');
          continue;
        case "BBBB":
          s.append('B');
        default:
          s.append('?');
      }
      s.append(';');
    }
    for (int i = -5; i < 1_000_000; i = i < 3 ? i + 1 : i * 100) {
      s.append(
          switch (i) {
            case -5, -4 -> "low";
            case 0 -> {
              int t = 0;
              for (int k = 0; k < 5; k++) {
                t += k;
              }
              yield "zero" + t;
            }
            case 300 -> "hundreds";
            default -> i;
          });
    }
    return s.toString();
  }

  public static String labels() {
    int sum = 0;
    rows:
    for (int i = 0; i < 20; i++) {
      int j = 0;
      do {
        if (j == i) {
          continue rows;
        }
        if (i * j > 100) {
          break rows;
        }
        sum += i * 31 + j;
      } while (++j < 15);
      sum ^= 7;
    }
    while (sum > 10) {
      for (int i = 0; i < 3; i++) {
        sum -= i;
      }
    }
    return "" + sum;
  }

  public static String loopOnTheStack() {
    // The loop runs while other operands are on the stack.
    int n = 5;
    return "a" + n
        + switch (n) {
          case 5 -> {
            int s = 0;
            for (int i = 0; i < 10_000; i++) {
              s += i;
            }
            yield s;
          }
          default -> 0;
        }
        + "b";
  }

  public static String wideLocals() {
    long a = 1;
    double b = 2;
    long sum = 0;
    int[] data = new int[10_000];
    for (int i = 0; i < data.length; i++) {
      long c = i * a;
      double d = c + b;
      data[i] = (int) d;
      if (data[i] % 7 == 0) {
        String text = "seven";
        sum += text.length();
      } else {
        float f = i;
        sum += (long) f;
      }
    }
    String after = "x";
    for (int i = data.length - 1; i >= 0; i -= 3) {
      sum += data[i] ^ after.length();
    }
    return sum + after + b;
  }

  public static String sieve() {
    int n = 50_000;
    boolean[] composite = new boolean[n + 1];
    int primes = 0;
    for (int i = 2; i <= n; i++) {
      if (!composite[i]) {
        primes++;
        for (int j = i + i; j <= n; j += i) {
          composite[j] = true;
        }
      }
    }
    return "" + primes;
  }

  public static String matrix() {
    int n = 40;
    double[][] a = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a[i][j] = i ^ j;
      }
    }
    double trace = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
          sum += a[i][k] * a[k][j];
        }
        trace += i == j ? sum : 0;
      }
    }
    return "" + trace;
  }

  static class Holder {
    static int[] table = new int[256];
    static int loaded;

    static {
      for (int i = 0; i < table.length; i++) {
        table[i] = i * i;
      }
    }
  }

  public static String foreignStaticInLoop() {
    int sum = 0;
    for (int i = 0; i < 20_000; i++) {
      sum += Holder.table[i & 255];
      Holder.loaded = i;
    }
    return sum + "," + Holder.loaded;
  }

  public static String collections() {
    Map<String, Integer> map = new Hashtable<>();
    Deque<Integer> deque = new ArrayDeque<>();
    for (int i = 0; i < 200; i++) {
      map.computeIfAbsent("k" + i % 17, k -> k.length());
      map.merge("k" + i % 5, i, Integer::sum);
      deque.offer(i);
    }
    List<Integer> list = new ArrayList<>(deque);
    list.sort((x, y) -> y % 13 - x % 13);
    return new TreeMap<>(map) + "" + list.get(3) + list.stream().filter(x -> x > 100).count();
  }

  public static String clones() {
    int[] a = {3, 2, 1};
    int[] b = a.clone();
    Arrays.sort(b);
    Object[][] objects = {{1, "a"}, {2L, 'b'}};
    objects[1] = objects[0].clone();
    return Arrays.toString(a) + Arrays.toString(b) + Arrays.deepToString(objects);
  }

  public static String asserts() {
    assert counter > Integer.MIN_VALUE : "never";
    Object o = counter > -1 ? "text" : 5;
    return o instanceof String s && s.length() == 4 ? s : "no";
  }

  public static String threads() throws Exception {
    AtomicInteger n = new AtomicInteger();
    class Sleeper extends Thread {
      @Override
      public void run() {
        try {
          sleep(1);
          n.incrementAndGet();
        } catch (InterruptedException e) {
          n.set(-100);
        }
      }
    }
    Thread[] all = {new Sleeper(), new Sleeper()};
    for (Thread t : all) {
      t.start();
    }
    for (Thread t : all) {
      t.join();
    }
    return "" + n;
  }
}
